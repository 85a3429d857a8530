"""Sockets around the backend: HTTP/1.1 with kept connections, plain or TLS, on the loopback address only.

A reply goes out `whole`, or goes wrong: `reset` (RST before a byte of it), `closed` (the same with a proper end),
`cut` (status, headers and half of the body, then RST).
"""

import contextlib
import gzip
import select
import socket
import ssl
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .backend import Backend
from .messages import Request

LARGEST_BODY = 256 * 1024 * 1024
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class StandIn(Backend):
    """A backend that listens, from construction until `stop` or the end of its `with` block."""

    def __init__(self, tls: ssl.SSLContext | None = None, **options):
        super().__init__(**options)
        self.tls = tls
        self.handshakes_failed = []
        # Bound and never listening: while the server is down nobody else gets its port.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind(("127.0.0.1", 0))
        self.port = self._place.getsockname()[1]
        self._listen(self.port)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def _listen(self, port):
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.backend = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def down(self):
        """The port refuses, and what was connected is reset. Nothing that was kept is lost."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()
            server.reset_all()
            self._thread.join()

    def up(self):
        if not self._server:
            self._listen(self.port)

    def stop(self):
        self._over.set()
        self.down()
        self._place.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a kept connection would keep its thread until the client leaves
    request_queue_size = 128

    def __init__(self, *arguments):
        self._open, self._lock = set(), threading.Lock()
        super().__init__(*arguments)

    def finish_request(self, request, client_address):
        """On the connection's own thread, so that a slow handshake holds up nobody else."""
        with self._lock:
            self._open.add(request)
        try:
            with contextlib.suppress(OSError):
                self._serve(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)

    def _serve(self, request, client_address):
        if self.backend.faults.strike(Request("", "", {}, operation="connection")):
            return reset(request)
        if not self.backend.tls:
            return super().finish_request(request, client_address)
        # A copy, for the wrapper takes the socket away from whom it was given.
        copy = request.dup()
        try:
            secured = self.backend.tls.wrap_socket(copy, server_side=True)
        except OSError as error:
            self.backend.handshakes_failed.append(str(error))
            return copy.close()
        with secured:
            super().finish_request(secured, client_address)

    def shutdown_request(self, request):
        """Without the half-close of the inherited one: after it a reset would look like a proper end."""
        request.close()

    def reset_all(self):
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    reset(connection)
        end = time.monotonic() + 2
        while self._open and time.monotonic() < end:
            time.sleep(0.005)  # until their threads have noticed


def reset(connection):
    """The other side sees ECONNRESET. `shutdown` wakes a thread that waits on it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    connection.shutdown(socket.SHUT_RD)


class ClientLeft(Exception):
    """In the middle of its own request: killed, or out of time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "stand-in"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment for head and body
    timeout = 300

    def _serve(self):
        backend, started = self.server.backend, time.time()
        try:
            body = self._body()
        except ClientLeft:
            # Half a file was tried, too.
            backend.storage.note_attempt(Request(self.command, self.path, {}))
            self.close_connection = True
            return
        except (ValueError, OSError, EOFError, zlib.error) as error:
            backend.complain(f"unreadable body of {self.command} {self.path}: {error}")
            self.close_connection = True
            return self.send_error(400)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body, started, has_left=self._client_left)
        self._send(backend.exchange(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def _send(self, reply):
        if reply.sending != "whole":
            self.close_connection = True
        if reply.sending in ("whole", "cut"):
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (reply.sending == "cut")))
            self.end_headers()
            self.wfile.write(reply.body if reply.sending == "whole" else reply.body[: len(reply.body) // 2])
            self.wfile.flush()
        if reply.sending in ("reset", "cut"):
            reset(self.connection)

    def _client_left(self):
        watcher = select.poll()
        watcher.register(self.connection, select.POLLRDHUP)
        return bool(watcher.poll(0))

    def _body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self._exactly(int(self.headers.get("Content-Length") or 0))
        encoding = self.headers.get("Content-Encoding", "identity")
        if encoding not in ("identity", "gzip"):
            raise ValueError(f"Content-Encoding {encoding}")
        return gzip.decompress(body) if encoding == "gzip" else body

    def _chunks(self):
        while size := int(self.rfile.readline(1024).split(b";")[0], 16):
            yield self._exactly(size)
            self.rfile.readline(1024)
        while self.rfile.readline(65536).strip():
            pass  # trailers

    def _exactly(self, size):
        if not 0 <= size <= LARGEST_BODY:
            raise ValueError(f"a body of {size} bytes")
        try:
            body = self.rfile.read(size)
        except OSError:
            raise ClientLeft from None
        if len(body) != size:
            raise ClientLeft
        return body

    def log_message(self, *_):
        pass  # the request log of the backend is what tests read
