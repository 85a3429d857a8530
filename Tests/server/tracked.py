"""Runs a host under the library and reads what it recorded, for the tests with official tools."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from support.comparison import console_text
from support.execution import Outcome, clean_environment, execute
from support.journal import console, kinds, records, run_files

from . import official


@dataclass
class Recorded:
    outcome: Outcome
    printed: bytes
    folder: Path  # the parent of wandb/

    @cached_property
    def journal(self):
        found = run_files(self.folder)
        assert len(found) == 1, f"{len(found)} runs in {self.folder}; stderr: {self.outcome.stderr}"
        return found[0]

    @property
    def notes(self):
        lines = self.outcome.stderr.decode(errors="replace").splitlines()
        return [line for line in lines if line.startswith("trackshim: ")]

    @cached_property
    def records(self):
        return records(self.journal)

    @property
    def kinds(self):
        return kinds(self.records)

    def of(self, kind):
        return [getattr(r, kind) for r in self.records if r.WhichOneof("record_type") == kind]

    @cached_property
    def run(self):
        """The identity: what a later run record says counts."""
        merged = type(self.of("run")[0])()
        for record in self.of("run"):
            merged.MergeFrom(record)
        return merged

    @cached_property
    def rows(self):
        return [_pairs(record.item) for record in self.of("history")]

    @cached_property
    def config(self):
        found = _pairs(self.run.config.update)
        for record in self.of("config"):
            found |= _pairs(record.update)
        return {key: value for key, value in found.items() if key != "_wandb"}

    @cached_property
    def summary(self):
        found = {}
        for record in self.of("summary"):
            found |= _pairs(record.update)
        return found

    @property
    def console(self):
        return {name: console_text(text.encode()) for name, text in console(self.records).items()}


class Tracker:
    """Prints bytes from a host under the library; each call is a process of its own."""

    def __init__(self, programs, shim, folder):
        self._host = programs.argv("official_print.c")
        self._shim, self._folder, self._count = shim, folder, 0

    def __call__(self, printed, *ending, limit=30.0, without=(), **settings):
        self._count += 1
        work = self._folder / f"work{self._count}"
        work.mkdir()
        text, track = self._folder / f"text{self._count}", self._folder / f"track{self._count}"
        text.write_bytes(printed)
        environment = clean_environment(track) | {"LD_PRELOAD": str(self._shim)}
        environment |= {name: str(value).format(track=track) for name, value in settings.items()}
        for name in without:
            environment.pop(name)
        outcome = execute([*self._host, str(text), *ending], "pipe", work, environment, limit)
        return Recorded(outcome, printed, track)


def metrics(row):
    """What was printed of a row: without W&B's own columns."""
    return {key: value for key, value in row.items() if not key.startswith("_")}


def same(found, expected):
    """Equal, where NaN equals NaN, 1 equals 1.0, and text never equals a number."""
    if isinstance(expected, dict):
        return (isinstance(found, dict) and found.keys() == expected.keys()
                and all(same(found[key], expected[key]) for key in expected))
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, float) and expected != expected:
        return isinstance(found, float) and found != found
    return isinstance(found, str) == isinstance(expected, str) and found == expected


def check_leet(recorded):
    """The official reader sees the same records, and no damage."""
    seen = official.leet_records(recorded.journal)
    assert [record["type"] for record in seen] == recorded.kinds
    return official.leet_summary(recorded.journal)


def _pairs(items):
    """Items by key; a nested key, or an object under a plain one, is `outer.inner`."""
    found = {}
    for item in items:
        name, value = ".".join(item.nested_key) or item.key, json.loads(item.value_json)
        inner = value.items() if isinstance(value, dict) else ()
        found |= {f"{name}.{key}": part for key, part in inner} or {name: value}
    return found
