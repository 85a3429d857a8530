"""The fault table: a trainer of 300 steps, what goes wrong with its server or its machine, and when."""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from server import faults
from server.filestream import HISTORY
from server.fixtures import KEY
from server.listener import StandIn

STEPS, PAUSE_MS, EXIT_TIMEOUT = 300, 8, 2
TRAINER = (STEPS, PAUSE_MS)
SETTINGS = {
    "TRACKSHIM_EXIT_TIMEOUT": EXIT_TIMEOUT, "TRACKSHIM_UPLOAD_INTERVAL": 0.2,
    "WANDB_HTTP_TIMEOUT": 1,
}
WHEN = {"start": 0, "middle": 100, "end": 240}  # rows that the server has when it happens
FOR_GOOD = 10**9
NOWHERE = "http://no-such-host.invalid"


@dataclass
class Stage:
    """Where one row is played: its server, and what has to be put right before `trackshim sync`."""

    server: StandIn
    folder: Path
    settings: dict = field(default_factory=dict)
    repairs: list = field(default_factory=list)
    sync_settings: dict = field(default_factory=dict)
    threads: list = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def rows(self) -> int:
        return max((len(run.stream(HISTORY).text) for run in self.server.runs()), default=0)

    def at(self, when: str, act: Callable) -> None:
        """Calls `act` once the server has that many rows."""

        def wait():
            while self.rows() < WHEN[when] and not self.is_over.wait(0.005):
                pass
            if not self.is_over.is_set():
                act()

        self.threads.append(threading.Thread(target=wait, daemon=True))
        self.threads[-1].start()

    def end(self) -> None:
        """What has not happened by now does not happen any more; what was broken is put right."""
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.server.faults.clear()
        for repair in self.repairs:
            repair()


@dataclass(frozen=True)
class Row:
    fault: str
    when: str
    arrange: Callable = lambda stage: None
    words: tuple = ()
    preload: tuple = ()
    tls: bool = False
    status: int = 0
    # What `sync` can still put there: all, or for a killed program what it had printed.
    is_whole: bool = True

    def __str__(self):
        return f"{self.fault}, {self.when}"


def befalling(trouble, when, count, *on):
    def arrange(stage):
        reached = WHEN[when]
        stage.server.faults.add(trouble, *on, last=count, when=lambda _: stage.rows() >= reached)

    return arrange


TWICE = [
    ("status 429", faults.refused(429)),
    ("status 500", faults.refused(500)),
    ("status 503, Retry-After in seconds", faults.retry_later(503, 0.5)),
    ("status 429, Retry-After as a date", faults.retry_later(429, 1, as_date=True)),
    ("rate limit used up", faults.rate_limit(0, 1)),
    ("answer after 0.7 s", faults.slow(0.7)),
    ("no answer within the timeout", faults.HANG),
    ("connection reset", faults.RESET),
    ("connection reset in the reply's body", faults.CUT),
    ("reply lost", faults.LOST),
    ("reply that is not JSON", faults.GARBAGE),
]
FINAL = [
    ("key revoked (401)", faults.refused(401)), ("no permission (403)", faults.refused(403)),
    ("run deleted (404)", faults.refused(404)), ("conflict (409)", faults.refused(409)),
    ("too large (413)", faults.refused(413)),
]
LASTING = [
    ("status 500 for good", faults.refused(500)), ("no answer for good", faults.HANG),
    ("connections reset for good", faults.RESET),
]
API = ("file_stream", "UpsertBucket", "CreateRunFiles")
GRAPHQL = ("UpsertBucket", "CreateRunFiles")


def of_the_server():
    for when in WHEN:
        for name, trouble in TWICE:
            yield Row(f"{name}, twice", when, befalling(trouble, when, 2))
        for name, trouble in FINAL:
            yield Row(name, when, befalling(trouble, when, FOR_GOOD, *API))
        for name, trouble in LASTING:
            yield Row(name, when, befalling(trouble, when, FOR_GOOD))
        yield Row("accepted and dropped", when, dropping(when))
        yield Row("server gone", when, leaving(when))
    for when in ("start", "end"):  # no GraphQL in between
        yield Row("GraphQL errors", when, befalling(faults.graphql_errors(), when, FOR_GOOD, *GRAPHQL))
    for name, trouble in (*TWICE[:2], *FINAL[1:2]):
        yield Row(f"uploads: {name}", "end", befalling(trouble, "start", FOR_GOOD, "upload"))
    for seed in range(1, 5):
        yield Row(f"all that passes, at random ({seed})", "throughout", at_random(seed))
    yield Row("server gone, back after 1.5 s", "start", away_for(1.5), words=(f"idle@{STEPS}:7000",))
    yield Row("server gone, back after 1.5 s", "middle", away_for(1.5, "middle"), words=(f"idle@{STEPS}:7000",))


def at_random(seed):
    """One request in three meets one of the troubles that pass, whichever comes."""

    def arrange(stage):
        chance = random.Random(seed)
        for _, trouble in TWICE:
            stage.server.faults.add(trouble, when=lambda _: chance.random() < 0.33 / len(TWICE))

    return arrange


def dropping(when):
    """Connections that were kept are cut, new ones accepted and dropped."""

    def arrange(stage):
        befalling(faults.DROPPED, when, FOR_GOOD, "connection")(stage)
        befalling(faults.RESET, when, 1)(stage)

    return arrange


def leaving(when):
    def arrange(stage):
        stage.repairs.append(stage.server.up)
        if when == "start":
            return stage.server.down()
        stage.at(when, stage.server.down)

    return arrange


def away_for(seconds, when="start"):
    def leave(stage):
        stage.server.down()
        threading.Timer(seconds, stage.server.up).start()

    return lambda stage: leave(stage) if when == "start" else stage.at(when, lambda: leave(stage))


def unknown_certificate(when, certificates):
    def arrange(stage):
        stage.sync_settings["CURL_CA_BUNDLE"] = certificates["good"].path
        if when == "start":
            stage.settings["CURL_CA_BUNDLE"] = certificates["wrong-name"].path
            return
        stage.settings["CURL_CA_BUNDLE"] = certificates["good"].path
        stage.repairs.append(lambda: change(certificates["good"]))
        stage.at(when, lambda: change(certificates["wrong-name"]))

        def change(certificate):
            stage.server.tls = certificate.context()
            stage.server.down()
            stage.server.up()

    return arrange


def no_such_host(stage):
    stage.settings["WANDB_BASE_URL"] = NOWHERE


def full_disk(stage):
    """In the folder of a small disk: something takes what is left of it for a second."""
    stage.settings["TRACKSHIM_DIR"] = stage.folder / "track"
    fill = stage.folder / "track" / "fill"

    def act():
        with contextlib.suppress(OSError), fill.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        time.sleep(1)
        fill.unlink()

    stage.at("middle", act)


def of_the_machine(certificates):
    yield Row("libcurl missing", "throughout", preload=("no_curl_guest.c",))
    yield Row("name that does not resolve", "throughout", no_such_host)
    for when in ("start", "middle"):
        yield Row("unknown certificate", when, unknown_certificate(when, certificates), tls=True)
    for when, step in (("start", 1), ("middle", STEPS // 2), ("end", STEPS)):
        yield Row("program closes all descriptors", when, words=(f"close@{step}",))
    # Not at the first step: a program that is killed within a millisecond has not become a run yet.
    for when, step in (("start", 20), ("middle", STEPS // 2), ("end", STEPS)):
        yield Row("SIGKILL", when, words=(f"kill@{step}",), status=-9, is_whole=False)
    yield Row("disk full for a second", "middle", full_disk)
    yield Row("clock set forward and back", "throughout", preload=("clock_guest.c",))


def rows(certificates) -> list[Row]:
    return [*of_the_server(), *of_the_machine(certificates)]


def stage_for(row, folder, certificates) -> Stage:
    tls = certificates["good"].context() if row.tls else None
    return Stage(StandIn(key=KEY, tls=tls), folder)
