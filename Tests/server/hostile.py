"""A server that keeps to no rules: what it sends is written on the socket as it stands."""

import contextlib
import socket
import threading
import time


class Hostile:
    """Answers each request with the pieces that `answer` gives, until the client has had enough."""

    def __init__(self, answer):
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests, self.sent = [], 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            self.requests.append(connection.recv(1 << 16))
            for piece in self._answer():
                connection.sendall(piece)
                self.sent += len(piece)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def endless_body():
    yield OK + b"\r\n"
    while True:
        yield b"x" * 65536


def endless_headers():
    yield OK
    while True:
        yield b"X-More: " + b"x" * 8000 + b"\r\n"


def one_header():
    yield OK + b"X-Long: "
    while True:
        yield b"x" * 65536


def endless_interim():
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 1000


def drop_by_drop():
    yield OK + b"Content-Length: 100000\r\n\r\n"
    while True:
        yield b" "
        time.sleep(0.05)


def endless_chunks():
    yield OK + b"Transfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"1\r\nx\r\n" * 5000


def no_http():
    while True:
        yield b"\x00\xff\x1b[2J" * 10000


def impossible_length():
    yield OK + b"Content-Length: 99999999999999999999999999\r\n\r\n{}"


def negative_length():
    yield OK + b"Content-Length: -1\r\n\r\n{}"
