"""A server that means harm: what it sends costs the program neither its time, its memory nor its secrets."""

import contextlib
import gzip
import json
import re
import signal
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from server import faults, hostile
from server.faults import Trouble
from server.fixtures import KEY, stand_in  # noqa: F401
from server.listener import StandIn
from support.online import Online, notes_in

MEMORY = 80 << 10  # KiB that an answer may cost
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
SEVERAL = ("UpsertBucket", "file_stream", "CreateRunFiles", "ServerFeaturesQuery", "upload")
LARGE = 15 << 20


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in, TRACKSHIM_EXIT_TIMEOUT=3, TRACKSHIM_UPLOAD_INTERVAL=0.1)


def run(online, *words, **settings):
    """Status, seconds, KiB at most, stderr."""
    began, most = time.monotonic(), 0
    process = online.start(*words, stderr=subprocess.PIPE, **settings)
    while process.poll() is None:
        most = max(most, memory(process))
        time.sleep(0.005)
    with process.stderr as errors:
        return process.returncode, time.monotonic() - began, most, errors.read()


def memory(process):
    """What it had at most since its exec; what wait4 tells of that counts this process's own, too."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


@pytest.fixture
def usual(online):
    """What a program takes that has a good server."""
    return run(online, 30, 1)[2]


def unharmed(result, usual=0):
    status, took, memory, errors = result
    assert status == 0 and took < 6
    assert not usual or memory < usual + MEMORY, f"{memory} KiB, with a good server {usual}"
    text = errors.decode("utf-8", "replace")
    assert not UNSEEN.search(text) and KEY not in text
    assert all(line.startswith(("trackshim: ", "warning: ")) for line in text.splitlines())
    assert max(map(len, text.splitlines()), default=0) < 1500


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


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("on", SEVERAL)
def test_bodies(on, body, usual, online, stand_in):  # noqa: F811
    stand_in.faults.add(Trouble("hostile", body=BODIES[body]), on)
    result = run(online, 60, 10)
    unharmed(result, usual)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 429, 500, 503])
@pytest.mark.parametrize("body", ["many values", "escapes", "deep"])
def test_bodies_of_refusals(status, body, usual, online, stand_in):  # noqa: F811
    trouble = Trouble("hostile", status, {"Retry-After": "9" * 100}, BODIES[body])
    stand_in.faults.add(trouble, "UpsertBucket" if status % 2 else "file_stream")
    unharmed(run(online, 60, 10), usual)


@pytest.mark.parametrize("name, body", [
    ("gzip", gzip.compress(bytes(400 << 20), 1)), ("gzip, gzip", gzip.compress(gzip.compress(bytes(1 << 30), 1), 9)),
    ("deflate", zlib.compress(bytes(400 << 20), 1)), ("br", b"x"),
], ids=["gzip", "gzip twice", "deflate", "br"])
def test_a_small_answer_that_becomes_large(name, body, usual, online, stand_in):  # noqa: F811
    stand_in.faults.add(Trouble("bomb", headers={"Content-Encoding": name}, body=body), "UpsertBucket")
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


def named(**names):
    bucket = {"id": "x", "name": "r", "displayName": "d", "historyLineCount": 0,
              "project": {"name": "p", "entity": {"name": "e"}}} | names
    return json.dumps({"data": {"upsertBucket": {"bucket": bucket, "inserted": True}}}).encode()


@pytest.mark.parametrize("name", ["../../../../etc", "a\r\nX-Injected: 1", "\x1b[2J\u202e", "%2e%2e/%0d%0a", "x" * 100_000,
                                  ".", "..", "a?b#c", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")])
@pytest.mark.parametrize("where", ["name", "project", "entity"])
def test_what_the_server_calls_a_run(where, name, online, stand_in):  # noqa: F811
    project = {"name": name if where == "project" else "p", "entity": {"name": name if where == "entity" else "e"}}
    stand_in.faults.add(Trouble("hostile", body=named(name=name if where == "name" else "r", project=project, displayName=name)),
                        "UpsertBucket")
    unharmed(run(online, 40, 10))
    for request in stand_in.requests:
        assert "x-injected" not in request.headers and "\r" not in request.target
        assert request.target == "/graphql" or re.fullmatch(r"/files(/[^/]+){3}/file_stream", request.target)
    assert {path.name for path in online.folder.iterdir()} <= {"work", "track"}
    online.sync("--attempts", "1", timeout=30)


def granted(url, headers=()):
    files = ["wandb-metadata.json", "config.yaml", "wandb-summary.json", "output.log"]

    def body(request):
        names = json.loads(request.body)["variables"]["files"]
        created = {"runID": "x", "uploadHeaders": list(headers), "files": [{"name": n, "uploadUrl": url} for n in names]}
        return json.dumps({"data": {"createRunFiles": created}}).encode()

    assert files
    return body


class Grant(Trouble):
    """Gives every file one address."""

    def befall(self, request, process, over):
        from server.messages import Reply

        return Reply(200, self.body(request))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "file:///tmp/x", "ftp://127.0.0.1/x", "gopher://127.0.0.1:{port}/x", "dict://127.0.0.1:{port}/x",
                                 "http:/\\evil", "//127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nX: 1", "javascript:1", "x" * 100_000, "http://[::1", ""])
def test_addresses_for_uploads(url, online, stand_in):  # noqa: F811
    with StandIn() as other:
        body = granted(url.replace("{port}", str(other.port)))
        stand_in.faults.add(Grant("addresses", body=body), "CreateRunFiles")
        unharmed(run(online, 40, 10))
        assert other.requests == [] and stand_in.run().state == "finished"


def test_an_upload_elsewhere_goes_without_the_key(online, stand_in):  # noqa: F811
    with StandIn() as other:
        headers = ["X-A: 1\r\nX-Injected: 2", "X-B:\x1b[2J", "X-C", ":", "", "X-D: ok"]
        stand_in.faults.add(Grant("addresses", body=granted(other.url + "/storage/x", headers[-1:])), "CreateRunFiles")
        unharmed(run(online, 40, 10))
        assert other.requests and not [r for r in other.requests if "authorization" in r.headers]
        assert all(r.headers.get("x-d") == "ok" for r in other.requests)
        stand_in.faults.clear()
        stand_in.faults.add(Grant("addresses", body=granted(other.url + "/storage/x", headers)), "CreateRunFiles")
        known = len(other.requests)
        unharmed(run(online, 40, 10))
        assert not [r for r in other.requests[known:] if "x-injected" in r.headers]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("on", ["UpsertBucket", "file_stream", "upload"])
def test_redirects_are_not_followed(on, status, online, stand_in):  # noqa: F811
    with StandIn() as other:
        stand_in.faults.add(faults.refused(status, Location=f"{other.url}/graphql"), on)
        unharmed(run(online, 40, 10))
        assert other.requests == []


@pytest.mark.parametrize("stop", ['{"stopped": "true"}', '{"stopped": 1}', '{"stopped": {"a": true}}', '[{"stopped": true}]'])
def test_only_a_stop_is_a_stop(stop, online, stand_in):  # noqa: F811
    stand_in.faults.add(Trouble("stop", body=stop.encode()), "file_stream")
    unharmed(run(online, 40, 10))


def test_a_stop_can_do_no_more_than_interrupt(online, stand_in):  # noqa: F811
    """It is SIGINT, once, and can be turned off: TRACKSHIM_STOP=ignore."""
    stand_in.faults.add(faults.STOPPED, "file_stream")
    status, took, _, errors = run(online, 200, 10)
    assert status == -signal.SIGINT and took < 4
    assert len([note for note in notes_in(errors) if "SIGINT" in note]) == 1
    unharmed(run(online, 40, 10, TRACKSHIM_STOP="ignore"))
