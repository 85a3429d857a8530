"""What a hostile server names: the run, addresses to upload to, other servers, an end."""

import json
import re
import signal

import pytest
from server import faults
from server.faults import Trouble
from server.fixtures import stand_in  # noqa: F401
from server.listener import StandIn
from server.messages import Reply
from support.harm import hasty, run, unharmed
from support.online import notes_in


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return hasty(programs, shim, tmp_path, stand_in)


def named(**names):
    bucket = {"id": "x", "name": "r", "displayName": "d", "historyLineCount": 0,
              "project": {"name": "p", "entity": {"name": "e"}}} | names
    return json.dumps({"data": {"upsertBucket": {"bucket": bucket, "inserted": True}}}).encode()


@pytest.mark.parametrize("name", [
    "../../../../etc", "a\r\nX-Injected: 1", "\x1b[2J\u202e", "%2e%2e/%0d%0a", "x" * 100_000, ".", "..",
    "a?b#c", "\ufffd",
])
@pytest.mark.parametrize("where", ["name", "project", "entity"])
def test_what_the_server_calls_a_run(where, name, online, stand_in):  # noqa: F811
    project = {"name": name if where == "project" else "p", "entity": {"name": name if where == "entity" else "e"}}
    body = named(name=name if where == "name" else "r", project=project, displayName=name)
    stand_in.faults.add(Trouble("hostile", body=body), "UpsertBucket")
    unharmed(run(online, 40, 10))
    for request in stand_in.requests:
        assert "x-injected" not in request.headers and "\r" not in request.target
        assert request.target == "/graphql" or re.fullmatch(r"/files(/[^/]+){3}/file_stream", request.target)
    assert {path.name for path in online.folder.iterdir()} <= {"work", "track"}
    online.sync("--attempts", "1", timeout=30)


def granted(url, headers=()):
    def body(request):
        names = json.loads(request.body)["variables"]["files"]
        files = [{"name": name, "uploadUrl": url} for name in names]
        created = {"runID": "x", "uploadHeaders": list(headers), "files": files}
        return json.dumps({"data": {"createRunFiles": created}}).encode()

    return body


class Grant(Trouble):
    """Gives every file one address."""

    def befall(self, request, process, over):
        return Reply(200, self.body(request))


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "file:///tmp/x", "ftp://127.0.0.1/x", "gopher://127.0.0.1:{port}/x",
    "dict://127.0.0.1:{port}/x", "http:/\\evil", "//127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nX: 1",
    "javascript:1", "x" * 100_000, "http://[::1", "",
])
def test_addresses_for_uploads(url, online, stand_in):  # noqa: F811
    with StandIn() as other:
        body = granted(url.replace("{port}", str(other.port)))
        stand_in.faults.add(Grant("addresses", body=body), "CreateRunFiles")
        unharmed(run(online, 40, 10))
        assert other.requests == [] and stand_in.run().state == "finished"


def test_an_upload_elsewhere_goes_without_the_key(online, stand_in):  # noqa: F811
    with StandIn() as other:
        headers = ["X-A: 1\r\nX-Injected: 2", "X-B:\x1b[2J", "X-C", ":", "", "X-D: ok"]
        place = other.url + "/storage/x"
        stand_in.faults.add(Grant("addresses", body=granted(place, headers[-1:])), "CreateRunFiles")
        unharmed(run(online, 40, 10))
        assert other.requests and not [r for r in other.requests if "authorization" in r.headers]
        assert all(r.headers.get("x-d") == "ok" for r in other.requests)
        stand_in.faults.clear()
        stand_in.faults.add(Grant("addresses", body=granted(place, headers)), "CreateRunFiles")
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


@pytest.mark.parametrize("stop", [
    '{"stopped": "true"}', '{"stopped": 1}', '{"stopped": {"a": true}}', '[{"stopped": true}]',
])
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
