"""Each rule of the stand-in is broken once and must be noticed; the well-behaved twin must pass."""

import json
import time

import pytest

from .backend import Backend, Reply, Request
from .fixtures import KEY, stand_in  # noqa: F401
from .graphql_text import QueryError, parse
from .raw_client import FEATURES, FILES, RESUME, UPSERT, RawClient, chunk


@pytest.fixture
def client(stand_in):  # noqa: F811
    client = RawClient(stand_in, KEY)
    client.start()
    return client


def test_a_run_is_assembled(stand_in, client):  # noqa: F811
    client.graphql(FEATURES)
    client.history(0, 0, 1)
    client.history(2, 5, compress=True)
    client.post({"files": {
        "wandb-summary.json": chunk(0, '{"loss": NaN}'),
        "output.log": chunk(0, "2026-01-02T03:04:05.000006 hello", "ERROR 2026-01-02T03:04:05.000006 oh"),
    }})
    client.post({})
    client.post({"complete": True, "exitcode": 3})
    run = stand_in.run("r1")
    assert [row["_step"] for row in run.history] == [0, 1, 5]
    assert run.console == [("stdout", "hello"), ("stderr", "oh")]
    assert run.summary["loss"] != run.summary["loss"]
    assert (run.state, run.exit_code, run.heartbeats, run.sessions) == ("failed", 3, 1, 1)
    assert stand_in.violations == []
    assert [r.operation for r in run.requests] == ["UpsertBucket"] + ["file_stream"] * 5


def test_a_repeat_is_no_violation_and_no_row(stand_in, client):  # noqa: F811
    client.history(0, 0, 1)
    client.history(0, 0, 1)
    end = {"files": {"wandb-summary.json": chunk(0, "{}")}, "complete": True, "exitcode": 0}
    client.post(end), client.post(end)
    assert len(stand_in.run().history) == 2 and stand_in.violations == []


def ask_for_upload(client, *names):
    names = list(names) or ["a/b c.txt"]
    return client.graphql(FILES, entity="stand-in-team", project="p", run="r1", files=names)["data"]["createRunFiles"]


BROKEN = {
    "gap": lambda c: c.history(1, 0),
    "another text": lambda c: (c.history(0, 0, 1), c.history(1, 2)),
    "step 0 in line 1 after step 1": lambda c: c.history(0, 1, 0),
    "_step is None": lambda c: c.post({"files": {"wandb-history.jsonl": chunk(0, "{}")}}),
    "not a JSON object": lambda c: c.post({"files": {"wandb-history.jsonl": chunk(0, "nan")}}),
    "line feed": lambda c: c.post({"files": {"output.log": chunk(0, "a\n")}}),
    "a chunk is": lambda c: c.post({"files": {"output.log": {"offset": "0", "content": []}}}),
    "one object at offset 0": lambda c: c.post({"files": {"wandb-summary.json": chunk(1, "{}")}}),
    "unknown file": lambda c: c.post({"files": {"other.txt": chunk(0, "a")}}),
    "unknown part": lambda c: c.post({"dropped": 1}),
    "integer `exitcode`": lambda c: c.post({"complete": True}),
    "after complete": lambda c: (c.post({"complete": True, "exitcode": 0}), c.post({})),
    "reported as uploaded": lambda c: c.post({"uploaded": ["a"]}),
    "a line of": lambda c: c.post({"files": {"output.log": chunk(0, "x" * 10_400_000)}}),
    "bytes of lines": lambda c: c.post({"files": {"output.log": chunk(0, *["x" * 6_000_000] * 2)}}),
    "no valid key": lambda c: c.post({}, Authorization="Basic YXBpOnNob3J0"),
    "Content-Type": lambda c: c.post({}, Content_Type="text/plain"),
    "unknown run": lambda c: c.api("/files/a/b/c/file_stream", {}),
    "unknown address": lambda c: c.api("/nowhere", {}),
    "not wrapped": lambda c: c.graphql(UPSERT, name="r1", project="p", config='{"a": 1}'),
    "is no JSONString": lambda c: c.graphql(UPSERT, name="r1", project="p", config="{"),
    "is not declared": lambda c: c.graphql(UPSERT, name="r1", project="p", entity="e"),
    "run id": lambda c: c.graphql(UPSERT, name="r/1", project="p"),
    "project": lambda c: c.graphql(UPSERT, name="r1", project="p?"),
    "tag of 65": lambda c: c.graphql(UPSERT, name="r1", project="p", tags=["x" * 65]),
    "expected": lambda c: c.graphql("query Viewer { viewer { id }"),
    "address never given": lambda c: c.send("PUT", "/storage/x?Signature=1", b"a"),
    "unknown part 'extra'": lambda c: c.api("/graphql", {"query": FEATURES, "extra": 1}),
    "before the server said": lambda c: c.post({}, compress=True),
    "complete before": lambda c: (ask_for_upload(c), c.post({"complete": True, "exitcode": 0})),
    "not percent-encoded": lambda c: c.send("GET", '/files/"', b""),
    "unreadable body": lambda c: c.send("POST", c.stream, b"x", {"Content-Encoding": "br"}),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_noticed(rule, stand_in, client):  # noqa: F811
    assert stand_in.violations == []
    BROKEN[rule](client)
    assert len(stand_in.violations) == 1 and rule in stand_in.violations[0], stand_in.violations


def upload(client, stand_in, body=b"text", without=(), **more):  # noqa: F811
    given = ask_for_upload(client)
    headers = dict(h.split(":", 1) for h in given["uploadHeaders"] if h.split(":")[0] not in without)
    target = given["files"][0]["uploadUrl"].removeprefix(stand_in.url)
    return client.send("PUT", target, body, headers | more)


def test_an_upload_is_kept(stand_in, client):  # noqa: F811
    assert upload(client, stand_in)[0] == 200
    client.post({"uploaded": ["a/b c.txt"]})
    assert stand_in.run().files == {"a/b c.txt": b"text"} and stand_in.violations == []


@pytest.mark.parametrize("fault, headers", {
    "key went to storage": {"Authorization": "Basic YQ=="},
    "no Content-Type": {"Content-Type": "text/plain"},
    "without the header": {"without": ["X-Stand-In-Upload"]},
}.items())
def test_a_bad_upload_is_noticed(fault, headers, stand_in, client):  # noqa: F811
    upload(client, stand_in, **headers)
    assert len(stand_in.violations) == 1 and fault in stand_in.violations[0]


def test_only_what_was_selected_is_answered(client):
    reply = client.graphql("query Q { v: viewer { entity } other { a } }")
    assert reply == {"data": {"v": {"entity": "stand-in-team"}, "other": None}}


def test_resume_status_counts_lines(client):
    client.history(0, 0, 7)
    model = client.graphql(RESUME, project="p", entity=None, name="r1")["data"]["model"]
    bucket = model["bucket"]
    assert (bucket["historyLineCount"], bucket["logLineCount"]) == (2, 0)
    assert json.loads(json.loads(bucket["historyTail"])[-1])["_step"] == 7
    assert json.loads(bucket["wandbConfig"]) == {"t": {}}
    assert client.graphql(RESUME, project="p", name="no")["data"]["model"]["bucket"] is None


def test_a_second_session_may_rewrite_the_console_and_not_the_history(stand_in, client):  # noqa: F811
    client.post({"files": {"output.log": chunk(0, "one")}}), client.history(0, 0)
    client.post({"complete": True, "exitcode": 0})
    client.start()
    client.post({"files": {"output.log": chunk(0, "two")}})
    assert stand_in.violations == [] and stand_in.run().output == ["two"]
    client.history(0, 1)
    assert "another text" in stand_in.violations[0]


@pytest.mark.parametrize("resumed", [True, False])
def test_only_a_run_begun_anew_may_count_from_the_start(resumed, stand_in, client):  # noqa: F811
    client.history(0, 0, 1)
    client.post({"complete": True, "exitcode": 0})
    client.start(storage_id=stand_in.run().storage_id if resumed else None)
    client.history(2, 0, 1)
    assert ["after step 1" in text for text in stand_in.violations] == ([True] if resumed else [])


def test_two_requests_in_flight_are_noticed():
    backend = Backend()
    inner = Request("POST", "/files/a/b/c/file_stream", {})
    backend._route = lambda request: backend.exchange(inner) if request is not inner else Reply(200)
    backend.exchange(Request("POST", "/files/a/b/c/file_stream", {}))
    assert any("two requests in flight" in text for text in backend.violations)


def test_connections_are_kept_and_bodies_may_be_chunked(stand_in, client):  # noqa: F811
    before = client.connection.sock.getsockname()
    client.connection.request("POST", client.stream, iter([b"{", b"}"]), encode_chunked=True,
                              headers={"Transfer-Encoding": "chunked"})
    assert client.connection.getresponse().read() is not None
    assert client.connection.sock.getsockname() == before
    assert stand_in.requests[-1].body == b"{}"


def test_stopping_does_not_wait_for_kept_connections(stand_in, client):  # noqa: F811
    started = time.monotonic()
    stand_in.stop()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("text", ["", "{", "query A {a} query B {b}", "{ a(b: }", "{ ...x }",
                                  "fragment x on Y { ...x } { ...x }", "{ a % }"])
def test_a_bad_document_is_an_error(text):
    with pytest.raises(QueryError):
        parse(text)
