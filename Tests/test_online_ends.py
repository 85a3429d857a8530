"""The end of a program whose run is on the server: when it waits, for what, and what it finds afterwards."""

import json
import time

import pytest
from server import StandIn, faults
from server.certificates import Certificate
from server.fixtures import KEY, stand_in  # noqa: F401
from support import journal
from support.online import Online, wait_for

pytestmark = pytest.mark.alone


@pytest.fixture
def online(programs, shim, tmp_path, stand_in):  # noqa: F811
    return Online(programs, shim, tmp_path, stand_in)


def completions(server):
    requests = [r for r in server.requests if r.operation == "file_stream"]
    return [r for r in requests if "complete" in json.loads(r.body)]


def test_the_wait_is_before_the_handlers(online, stand_in, tmp_path):  # noqa: F811
    """They and static destructors tear down what threads of the program may still use."""
    stand_in.faults.add(faults.slow(0.3), "file_stream")
    ended = online.run(tmp_path / "when", source="exit_handlers.c", limit=20)
    over = time.monotonic()
    assert ended.status == 0 and ended.took > 0.6, "the server was not waited for, so nothing was tested"
    assert over - float((tmp_path / "when").read_text()) < 0.3
    assert stand_in.run().state == "finished" and len(completions(stand_in)) == 1
    assert stand_in.violations == []


def test_what_handlers_print_is_sent_too(online, stand_in, tmp_path):  # noqa: F811
    ended = online.run(tmp_path / "when", "goodbye", source="exit_handlers.c")
    run = stand_in.run()
    assert ended.status == 0 and ended.outcome.stdout.endswith(b"\ngoodbye\n")
    assert run.console[-1] == ("stdout", "goodbye") and run.state == "finished" and len(run.history) == 20
    assert len(completions(stand_in)) == 1 and stand_in.violations == []


def test_going_on_after_finish(online, stand_in):  # noqa: F811
    """The run is complete at once, and again at the end; between them rows go as they always do."""
    ended = online.run(source="finish_midway.c", TRACKSHIM_UPLOAD_INTERVAL=0.2)
    run = stand_in.run()
    assert ended.status == 0 and [row["_step"] for row in run.history] == list(range(1, 101))
    assert run.state == "finished" and len(completions(stand_in)) == 2
    assert len(stand_in.requests) < 30


def test_a_program_with_an_openssl_of_its_own(programs, shim, tmp_path):
    certificate = Certificate(tmp_path)
    with StandIn(key=KEY, tls=certificate.context()) as server:
        online = Online(programs, shim, tmp_path, server, CURL_CA_BUNDLE=certificate.path)
        for number in range(20):
            ended = online.run(source="own_openssl.c", TRACKSHIM_RUN_ID=f"tls{number}")
            if ended.status == 77:
                pytest.skip("no OpenSSL to load")
            assert ended.status == 0, f"run {number}: {ended.outcome.ending()}"
            run = server.run(f"tls{number}")
            assert run.state == "finished" and len(run.history) == 30
        assert server.violations == []


@pytest.mark.parametrize("pause", [0, 100, 300, 500, 1000])
def test_an_openssl_that_is_over_while_libcurl_is_loaded(pause, programs, shim, tmp_path):
    """What such a short program has not sent is left to `trackshim sync`."""
    certificate = Certificate(tmp_path)
    with StandIn(key=KEY, tls=certificate.context()) as server:
        for number in range(15):
            folder = tmp_path / str(number)
            online = Online(programs, shim, folder, server, CURL_CA_BUNDLE=certificate.path)
            ended = online.run(pause, source="own_openssl.c")
            if ended.status == 77:
                pytest.skip("no OpenSSL to load")
            assert ended.status == 0, f"run {number}: {ended.outcome.ending()}"
            assert journal.kinds(journal.records(ended.journal))[-1] == "exit"


def test_rows_arrive_as_fast_as_they_are_printed(online, stand_in, measured):  # noqa: F811
    """Much more than one request takes in the time between two."""
    process = online.start(30_000, 0.2)
    try:
        wait_for(lambda: stand_in.runs() and len(stand_in.run().history) > 10_000, 30, "10,000 rows")
        behind = [r for r in stand_in.requests if r.operation == "file_stream" and len(r.body) > 100_000]
        measured(f"10,000 rows went in {len(behind)} requests of more than 100 kB")
    finally:
        process.kill()
        process.communicate()
    first, last = behind[0].time, behind[-1].time
    assert last - first < 8, "rows came at the pace of requests, and not as they were printed"
