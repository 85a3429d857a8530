"""The stand-in server for figures: what streams in it counts and does not look at, so that it is not the brake."""

import time

from server.faults import kind_of
from server.fixtures import KEY
from server.listener import StandIn
from server.messages import Reply


class Sink(StandIn):
    def __init__(self, keeps: bool = False):
        super().__init__(key=KEY)
        self._keeps = keeps
        self.streamed = 0  # bytes
        self.has_end = False
        self.arrivals: list[tuple[float, bytes]] = []

    def exchange(self, request):
        if kind_of(request) != "file_stream":
            return super().exchange(request)
        self.streamed += len(request.body)
        self.has_end = self.has_end or b'"complete":true' in request.body
        if self._keeps:
            self.arrivals.append((time.time(), request.body))
        return Reply.json({"exitcode": None, "limits": {}})
