"""Each trouble of the stand-in as a client meets it."""

import http.client
import ssl
import threading
import time

import pytest

from . import faults
from .certificates import Certificate
from .fixtures import KEY, stand_in  # noqa: F401
from .listener import StandIn
from .raw_client import UPSERT, RawClient


@pytest.fixture
def client(stand_in):  # noqa: F811
    client = RawClient(stand_in, KEY, timeout=2)
    client.start()
    yield client
    assert stand_in.violations == []


def steps(server):
    return [row["_step"] for row in server.run().history]


def test_a_status_for_some_requests(stand_in, client):  # noqa: F811
    fault = stand_in.faults.add(faults.refused(500, Retry_After="3"), "file_stream", first=2, last=3)
    assert [client.history(0, 7)[0] for _ in range(4)] == [200, 500, 500, 200]
    assert (fault.seen, fault.struck, steps(stand_in)) == (4, 2, [7])
    assert [r.trouble for r in stand_in.requests] == ["", "", "status 500", "status 500", ""]


def test_a_fault_takes_only_what_it_is_for(stand_in, client):  # noqa: F811
    stand_in.faults.add(faults.refused(503), "UpsertBucket", when=lambda request: b"secret" in request.body)
    stand_in.faults.add(faults.refused(502), after=0.2, until=0.4)
    assert client.history(0, 1)[0] == 200
    assert client.api("/graphql", {"query": UPSERT, "variables": {"name": "secret", "project": "p"}})[0] == 503
    time.sleep(0.2)
    assert client.post({})[0] == 502
    time.sleep(0.2)
    assert client.post({})[0] == 200
    stand_in.faults.clear()
    client.start("secret")


@pytest.mark.parametrize("as_date", [False, True])
def test_headers_are_sent(as_date, stand_in, client):  # noqa: F811
    stand_in.faults.add(faults.retry_later(429, 30, as_date), last=1)
    stand_in.faults.add(faults.rate_limit(0, 2.5), last=1)
    seen = []
    for _ in range(2):
        client.connection.request("GET", "/nowhere")
        reply = client.connection.getresponse()
        reply.read()
        seen.append(dict(reply.getheaders()))
    assert ("GMT" in seen[0]["Retry-After"]) is as_date
    assert (seen[1]["RateLimit-Remaining"], seen[1]["RateLimit-Reset"]) == ("0", "2.5")
    stand_in.violations.clear()  # the address was strange on purpose


@pytest.mark.parametrize("trouble, error, done", [
    (faults.RESET, ConnectionResetError, False),
    (faults.LOST, http.client.RemoteDisconnected, True),
    (faults.CUT, (http.client.IncompleteRead, ConnectionResetError), True),
    (faults.HANG, TimeoutError, False),
], ids=lambda value: getattr(value, "name", None))
def test_a_reply_that_does_not_come(trouble, error, done, stand_in, client):  # noqa: F811
    stand_in.faults.add(trouble, "file_stream", last=1)
    with pytest.raises(error):
        client.history(0, 3)
    assert steps(stand_in) == ([3] if done else [])
    client.connection.close()
    client.history(0, 3)  # and the client may go on on a new connection
    assert steps(stand_in) == [3]


def test_a_reply_that_comes_late(stand_in, client):  # noqa: F811
    stand_in.faults.add(faults.slow(0.3), "file_stream")
    began = time.monotonic()
    assert client.history(0, 3)[0] == 200 and 0.3 <= time.monotonic() - began < 1


def test_a_delayed_request_is_in_flight(stand_in):  # noqa: F811
    first, second = RawClient(stand_in, KEY), RawClient(stand_in, KEY)
    first.start()
    second.stream = first.stream
    stand_in.faults.add(faults.slow(0.3), "file_stream", last=1)
    thread = threading.Thread(target=first.post, args=({},))
    thread.start()
    time.sleep(0.1)
    second.post({})
    thread.join()
    assert ["two requests in flight" in text for text in stand_in.violations] == [True]


def test_answers_that_are_strange(stand_in, client):  # noqa: F811
    stand_in.faults.add(faults.graphql_errors("no such project"), "UpsertBucket", last=1)
    assert client.graphql(UPSERT, name="r1", project="p")["errors"][0]["message"] == "no such project"
    stand_in.faults.add(faults.STOPPED, "file_stream", last=1)
    assert client.post({}) == (200, {"exitcode": None, "limits": {}, "stopped": True})
    stand_in.faults.add(faults.GARBAGE, "file_stream", last=1)
    with pytest.raises(ValueError):
        client.post({})


def test_connections_that_are_dropped(stand_in, client):  # noqa: F811
    client.connection.close()
    fault = stand_in.faults.add(faults.DROPPED, "connection", last=2)
    for _ in range(2):
        with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected, BrokenPipeError)):
            client.post({})
        client.connection.close()
    assert client.post({})[0] == 200 and fault.struck == 2


def test_a_server_that_goes_and_comes_back(stand_in, client):  # noqa: F811
    client.history(0, 1)
    stand_in.down()
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        client.history(1, 2)
    client.connection.close()
    with pytest.raises(ConnectionRefusedError):
        client.history(1, 2)
    client.connection.close()
    stand_in.up()
    client.history(1, 2)
    assert steps(stand_in) == [1, 2]


def test_a_client_that_leaves_in_its_own_request_breaks_no_rule(stand_in, client):  # noqa: F811
    client.connection.putrequest("POST", client.stream)
    client.connection.putheader("Content-Length", "100")
    client.connection.endheaders(b"{")
    client.connection.close()
    time.sleep(0.1)
    assert client.post({})[0] == 200


def test_stopping_ends_a_hang(stand_in, client):  # noqa: F811
    stand_in.faults.add(faults.HANG, "file_stream")
    threading.Timer(0.2, stand_in.stop).start()
    began = time.monotonic()
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        client.post({})
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("name, trusted, fine", [
    ("good", True, True), ("good", False, False), ("wrong-name", True, False),
])
def test_tls(name, trusted, fine, tmp_path):
    certificate = Certificate(tmp_path, name)
    context = ssl.create_default_context(cafile=certificate.path if trusted else None)
    with StandIn(key=KEY, tls=certificate.context()) as server:
        client = RawClient(server, KEY, context=context)
        if not fine:
            with pytest.raises(ssl.SSLCertVerificationError):
                client.start()
            return
        client.start()
        client.history(0, 0)
        server.faults.add(faults.LOST, "file_stream", last=1)
        with pytest.raises((http.client.RemoteDisconnected, ssl.SSLEOFError)):
            client.history(1, 1)
        client.connection.close()
        client.history(1, 1)
        assert steps(server) == [0, 1] and server.violations == []
