"""The disk that the run is kept on stops answering: the program trains on, and nothing is lost if it comes back."""

import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from support import journal
from support.case import Case
from support.execution import clean_environment
from support.hanging_disk import HangingDisk
from support.lab import Lab, recover

STEPS = 60
# What a run asks of a disk, in the order of its life.
OPERATIONS = ("getattr", "mkdir", "create", "write", "symlink", "rename", "release")


@pytest.fixture
def disk(tmp_path):
    found = HangingDisk(tmp_path / "disk")
    if not found.mounted:
        pytest.skip("no FUSE here, or it may not be mounted")
    # A program that waited for it after all goes on then, and says that it was slow.
    limit = threading.Timer(30, found.die)
    limit.start()
    yield found
    limit.cancel()
    found.die()


class Trainer:
    """A program whose run is kept on a disk."""

    def __init__(self, lab: Lab, shim: Path, disk: HangingDisk, steps: int = STEPS, **settings):
        self._folder = disk.folder
        self._track = lab.track
        self._track.symlink_to(disk.path)
        host = Case("unhurried", "unhurried.c", command=("{}", str(steps)))
        environment = clean_environment(lab.track) | {"LD_PRELOAD": str(shim)}
        environment |= {name: str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            lab.argv(host), env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def prints(self, last: int, first: int = 1) -> None:
        for step in range(first, last + 1):
            assert self.process.stdout.readline().startswith(f"step {step:4}/")

    def prints_its_last_line(self) -> None:
        assert self.process.stdout.readline() == "slow steps: 0\n"

    def ends(self) -> str:
        _, errors = self.process.communicate(timeout=20)
        assert self.process.returncode == 3
        return errors

    def kept(self) -> list[int]:
        """The steps in its journal, after what `trackshim show` could still add."""
        self._track.unlink()
        self._track.symlink_to(self._folder)
        recover(self._journal())
        rows = [record.history for record in self.records() if record.WhichOneof("record_type") == "history"]
        return [int(item.value_json) for row in rows for item in row.item if item.nested_key[:1] == ["_step"]]

    def records(self) -> list:
        return journal.records(self._journal())

    def _journal(self) -> Path:
        [file] = journal.run_files(self._track)
        return file


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_disk_that_hangs_from_the_start_and_comes_back(operation, lab, shim, disk):
    disk.hang(operation)
    trainer = Trainer(lab, shim, disk, TRACKSHIM_EXIT_TIMEOUT=20)
    disk.wait_until_something_hangs()
    trainer.prints(STEPS)
    trainer.prints_its_last_line()
    disk.go_on()
    trainer.ends()
    assert trainer.kept() == list(range(1, STEPS + 1))


def test_a_disk_that_hangs_for_a_while(lab, shim, disk):
    trainer = Trainer(lab, shim, disk, steps=400)
    trainer.prints(50)
    disk.hang("write")
    disk.wait_until_something_hangs()
    trainer.prints(150, first=51)
    disk.go_on()
    trainer.prints(400, first=151)
    trainer.prints_its_last_line()
    trainer.ends()
    assert trainer.kept() == list(range(1, 401))


def hangs_until_after_its_end(trainer: Trainer, disk: HangingDisk, then: str) -> str:
    """Everything is printed in time. What keeps the process is the kernel: it ends none whose thread waits for such
    a disk, whosever thread that is."""
    trainer.prints(STEPS)
    trainer.prints_its_last_line()
    disk.wait_until_something_hangs()
    time.sleep(1)
    disk.go_on() if then == "comes back" else disk.die()
    return trainer.ends()


@pytest.mark.parametrize("then", ["comes back", "is lost"])
@pytest.mark.parametrize("operation", ["mkdir", "create"])
def test_a_disk_on_which_no_run_could_begin(operation, then, lab, shim, disk):
    disk.hang(operation)
    trainer = Trainer(lab, shim, disk, TRACKSHIM_EXIT_TIMEOUT=0.3)
    assert "this program is not recorded" in hangs_until_after_its_end(trainer, disk, then)


def test_a_disk_that_comes_back_after_the_end(lab, shim, disk):
    disk.hang("write")
    trainer = Trainer(lab, shim, disk, TRACKSHIM_EXIT_TIMEOUT=0.3)
    assert "`trackshim show` completes it" in hangs_until_after_its_end(trainer, disk, "comes back")
    assert trainer.kept() == list(range(1, STEPS + 1))


def test_a_disk_that_never_took_anything(lab, shim, disk):
    """What was printed before the run began was nowhere but in the process; the ring has the rest, and says so."""
    disk.hang("write")
    trainer = Trainer(lab, shim, disk, TRACKSHIM_EXIT_TIMEOUT=0.3)
    hangs_until_after_its_end(trainer, disk, "is lost")
    kept = trainer.kept()
    assert kept == list(range(kept[0], STEPS + 1)) and kept[0] <= STEPS // 2
    assert "output was lost here" in journal.console(trainer.records())["stdout"]


@pytest.mark.parametrize("then", ["comes back", "is lost"])
def test_a_disk_that_hangs_from_the_middle_to_after_the_end(then, lab, shim, disk):
    trainer = Trainer(lab, shim, disk, steps=200, TRACKSHIM_EXIT_TIMEOUT=0.3)
    trainer.prints(100)
    disk.hang("write")
    trainer.prints(200, first=101)
    trainer.prints_its_last_line()
    time.sleep(1)
    disk.go_on() if then == "comes back" else disk.die()
    trainer.ends()
    assert trainer.kept() == list(range(1, 201))


def test_a_program_that_is_killed_while_its_disk_hangs(lab, shim, disk):
    trainer = Trainer(lab, shim, disk, steps=10_000)
    trainer.prints(100)
    disk.hang("write")
    trainer.prints(200, first=101)
    # A line is taken when its write has returned, which we may see before.
    time.sleep(0.1)
    trainer.process.kill()
    disk.die()
    trainer.process.communicate(timeout=20)
    assert trainer.process.returncode == -signal.SIGKILL
    kept = trainer.kept()
    assert kept == list(range(1, len(kept) + 1)) and len(kept) >= 200
