"""Troubles of a server or of the way to it, and which requests they befall."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from math import inf

from .messages import Reply

# Requests that a fault without `on` leaves alone: no part of a run.
OTHER = ("connection", "telemetry")


@dataclass(frozen=True)
class Trouble:
    """What happens instead of, or besides, an answer."""

    name: str
    status: int | None = None  # answered so, and nothing is done; None: the request is processed
    headers: dict = field(default_factory=dict)
    body: bytes | None = None  # instead of the answer's own
    sending: str = "whole"  # how the reply goes out: see listener.py
    delay: float = 0.0
    stopped: bool = False
    retry_at: float | None = None  # Retry-After as a date: so many seconds from the answer

    def befall(self, request, process: Callable, over: threading.Event) -> Reply:
        self._wait(request, over)
        reply = process() if self.status is None else Reply(self.status)
        body = reply.body if self.body is None else self.body
        if self.stopped:
            body = json.dumps(json.loads(body or b"{}") | {"stopped": True}).encode()
        headers = reply.headers | self.headers
        if self.retry_at is not None:
            headers["Retry-After"] = formatdate(time.time() + self.retry_at, usegmt=True)
        return replace(reply, body=body, headers=headers, sending=self.sending)

    def _wait(self, request, over):
        """As long as it takes; nobody waits for a client that has gone, nor after the server's end."""
        end = time.monotonic() + self.delay
        while (left := end - time.monotonic()) > 0 and not request.has_left():
            if over.wait(min(left, 0.05)):
                break


def refused(status, **headers):
    """`refused(429, Retry_After="3")`: another status, nothing done."""
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    return Trouble(f"status {status}", status, named, b'{"error": "refused on purpose"}')


def retry_later(status, seconds, as_date=False):
    if as_date:
        return replace(refused(status), retry_at=seconds)
    return refused(status, Retry_After=seconds)


def rate_limit(remaining, reset):
    """Processed, and the answer says how much may still be sent in how many seconds."""
    return Trouble("rate limit", headers={"RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)})


def slow(seconds):
    return Trouble("delay", delay=seconds)


def graphql_errors(message="something is wrong"):
    return Trouble("GraphQL errors", 200, {}, json.dumps({"errors": [{"message": message}], "data": None}).encode())


RESET = Trouble("reset", 0, sending="reset")  # before a byte of the reply
LOST = Trouble("lost reply", sending="closed")  # processed, and nobody is told
CUT = Trouble("reset in the body", sending="cut")  # processed; status, headers, half the body
HANG = Trouble("hang", 0, sending="closed", delay=inf)  # no reply until the server stops or the client leaves
GARBAGE = Trouble("garbage in the body", body=b"<html>\xff\xfe<!-- a proxy says hello")
STOPPED = Trouble("stopped", stopped=True)
DROPPED = Trouble("accepted and dropped", 0, sending="closed")  # for on="connection"


@dataclass
class Fault:
    """A trouble for the `first`-th to the `last`-th request that matches, `after` to `until` seconds from now."""

    trouble: Trouble
    on: tuple | str = ()  # GraphQL operations, "file_stream", "upload", "connection"; empty: all of a run
    first: int = 1
    last: float = inf
    when: Callable = lambda request: True
    after: float = 0.0
    until: float = inf
    seen: int = 0
    struck: int = 0
    set_at: float = field(default_factory=time.monotonic)

    def takes(self, request) -> bool:
        wanted = (self.on,) if isinstance(self.on, str) else self.on
        age = time.monotonic() - self.set_at
        if not (request.operation in wanted if wanted else request.operation not in OTHER):
            return False
        if not self.after <= age < self.until or not self.when(request):
            return False
        self.seen += 1
        taken = self.first <= self.seen <= self.last
        self.struck += taken
        return taken


class Faults:
    """The faults that are set; the first that takes a request has it."""

    def __init__(self):
        self._set, self._lock = [], threading.Lock()

    def add(self, trouble, *on, **rest) -> Fault:
        fault = Fault(trouble, on, **rest)
        with self._lock:
            self._set.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._set.clear()

    def strike(self, request) -> Trouble | None:
        with self._lock:
            return next((fault.trouble for fault in self._set if fault.takes(request)), None)


OPERATION = re.compile(rb"\b(?:query|mutation)\s+(\w+)")


def kind_of(request) -> str:
    """What a request is, from its address and the look of its body: faults come before any parser."""
    path = request.target.split("?")[0]
    if path.endswith("/file_stream"):
        return "file_stream"
    if path.startswith("/storage/"):
        return "upload"
    if path.startswith("/sdk/otel/"):
        return "telemetry"
    found = OPERATION.search(request.body)
    return found[1].decode() if path == "/graphql" and found else ""
