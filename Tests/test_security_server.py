"""A server that means harm: what it sends costs the program neither its time, its memory nor its secrets."""

import gzip
import json
import zlib

import pytest
from server import hostile
from server.faults import Trouble
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from support.harm import hasty, run, unharmed

# All is read by one parser; what is looked for differs, between GraphQL and file_stream most.
READ = ("UpsertBucket", "file_stream")
READ_TOO = ("CreateRunFiles", "ServerFeaturesQuery", "upload")
LARGE = 15 << 20


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return hasty(programs, shim, tmp_path, stand_in)


@pytest.fixture(scope="module")
def usual(programs, shim, tmp_path_factory):
    """What a program takes that has a good server."""
    with StandIn(key=KEY) as server:
        return run(hasty(programs, shim, tmp_path_factory.mktemp("usual"), server), 30, 1)[2]


@pytest.mark.parametrize("answer", [
    hostile.endless_body, hostile.endless_headers, hostile.one_header, hostile.endless_interim, hostile.drop_by_drop,
    hostile.endless_chunks, hostile.no_http, hostile.impossible_length, hostile.negative_length,
], ids=lambda answer: answer.__name__)
def test_answers_without_end(answer, usual, online, measured):
    with hostile.Hostile(answer) as server:
        result = run(online, 60, 20, WANDB_BASE_URL=server.url)
        unharmed(result, usual)
        assert server.requests
        measured(f"{answer.__name__}: {server.sent >> 20} MB sent, {(result[2] - usual) >> 10} MiB more memory")


def nested(depth):
    return b'{"data":' * depth + b"1" + b"}" * depth


BODIES = {
    "deep": nested(100_000),
    "deep lists": b"[" * 1_000_000 + b"]" * 1_000_000,
    "unclosed": b'{"data":' * 1_000_000,
    "digits": b'{"data":{"upsertBucket":{"bucket":{"historyLineCount":' + b"9" * 1_000_000 + b"}}}}",
    "exponent": b'{"data":{"upsertBucket":{"bucket":{"historyLineCount":1e999999999}}},"stopped":1e999999999}',
    "many values": b'{"data":[' + b"1," * (LARGE // 2) + b"1]}",
    "many lists": b'{"data":[' + b"[]," * (LARGE // 3) + b"1]}",
    "many members": b"{" + b'"":1,' * (LARGE // 5) + b'"":1}',
    "one string": b'{"data":"' + b"\\u001b" * (LARGE // 6) + b'"}',
    "escapes": json.dumps({"errors": [{"message": "\x1b[2J\u202e\x07" * 500}], "data": None}).encode(),
    "ill-formed": b'{"errors":[{"message":"\xff\xfe\x9b31m"}]}',
    "half pairs": b'{"errors":[{"message":"\\ud800\\udfff\\ud800"}]}',
    "nothing": b"",
}


@pytest.mark.parametrize("on, body", [
    *((on, body) for on in READ for body in BODIES),
    *((on, body) for on in READ_TOO for body in ("many values", "deep", "escapes", "nothing")),
])
def test_bodies(on, body, usual, online, stand_in):  # noqa: F811
    stand_in.faults.add(Trouble("hostile", body=BODIES[body]), on)
    result = run(online, 60, 10)
    unharmed(result, usual)


# What is shown of each; the large ones with what is final and what is tried again, of both kinds of request.
@pytest.mark.parametrize("status, body", [
    *((status, "escapes") for status in (400, 401, 403, 404, 409, 413, 429, 500, 503)),
    *((status, body) for status in (400, 401, 429, 500) for body in ("many values", "deep")),
])
def test_bodies_of_refusals(status, body, usual, online, stand_in):  # noqa: F811
    trouble = Trouble("hostile", status, {"Retry-After": "9" * 100}, BODIES[body])
    stand_in.faults.add(trouble, "UpsertBucket" if status % 2 else "file_stream")
    unharmed(run(online, 60, 10), usual)


def zeros(compress):
    """Several times what it may cost; made when it is asked for, for that takes a second."""
    return compress(bytes(256 << 20), 1)


BOMBS = {
    "gzip": ("gzip", lambda: zeros(gzip.compress)),
    "gzip twice": ("gzip, gzip", lambda: gzip.compress(zeros(gzip.compress), 9)),
    "deflate": ("deflate", lambda: zeros(zlib.compress)),
    "br": ("br", lambda: b"x"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_answer_that_becomes_large(bomb, usual, online, stand_in):  # noqa: F811
    name, body = BOMBS[bomb]
    stand_in.faults.add(Trouble("bomb", headers={"Content-Encoding": name}, body=body()), "UpsertBucket")
    unharmed(run(online, 60, 10), usual)


@pytest.mark.parametrize("value", ["9" * 400, "1e308", "inf", "nan", "-1", "0x7fffffffffffffff", "1e-400", "\x9b31m",
                                   "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 99 Foo -1 99:99:99 GMT", "x" * 60_000])
@pytest.mark.parametrize("header", ["Retry-After", "RateLimit-Remaining", "RateLimit-Reset"])
def test_headers(header, value, online, stand_in):  # noqa: F811
    others = {"Retry-After": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "1e9"} | {header: value}
    stand_in.faults.add(Trouble("hostile", headers=others), "file_stream", first=2)
    stand_in.faults.add(Trouble("hostile", 503, others, b"{}"), "file_stream", last=1)
    unharmed(run(online, 60, 10))
    stand_in.faults.clear()
    done = online.sync(timeout=30)
    assert done.returncode == 0 and len(stand_in.run().history) == 60
