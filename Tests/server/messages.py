"""A request as it came and a reply as it goes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    target: str  # as sent, with the query
    headers: dict  # names in lower case
    body: bytes = b""  # after Content-Encoding
    time: float = 0.0
    operation: str = ""  # GraphQL operation, "file_stream" or "upload"
    status: int = 0  # as answered
    trouble: str = ""  # the name of the fault that befell it
    has_left: Callable = lambda: False  # whether its client has closed the connection meanwhile


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    sending: str = "whole"  # or how it goes wrong: see listener.py

    @classmethod
    def json(cls, value, status=200):
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
