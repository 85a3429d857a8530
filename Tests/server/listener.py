"""Sockets around the backend: HTTP/1.1 with kept connections, on the loopback address only."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .backend import Backend, Request

LARGEST_BODY = 256 * 1024 * 1024


class StandIn(Backend):
    """A backend that listens, from construction until `stop` or the end of its `with` block."""

    def __init__(self, **options):
        super().__init__(**options)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.backend = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a kept connection would keep its thread until the client leaves
    request_queue_size = 128


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
        except (ValueError, OSError, EOFError) as error:
            backend.complain(f"unreadable body of {self.command} {self.path}: {error}")
            self.close_connection = True
            return self.send_error(400)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(backend.exchange(Request(self.command, self.path, headers, body, started)))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def _send(self, reply):
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

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
        body = self.rfile.read(size)
        if len(body) != size:
            raise EOFError(f"{len(body)} bytes of {size}")
        return body

    def log_message(self, *_):
        pass  # the request log of the backend is what tests read
