"""python Tests/soak [MINUTES]: a long run with a server that comes and goes. The last line counts what was checked.

Two processes of one program: one tracked, one alone, whose memory is what the other's is compared with.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import Checks, Figures, growth, look  # noqa: E402
from outcome import check_journal, check_server  # noqa: E402
from server.fixtures import KEY  # noqa: E402
from server.listener import StandIn  # noqa: E402
from support import journal  # noqa: E402
from support.execution import clean_environment  # noqa: E402
from support.library import command, library  # noqa: E402
from support.rings import ring  # noqa: E402
from weather import Weather  # noqa: E402

RATE = 1000  # steps a second
LINES_OF_TABLE = 30
GROWTH_ALLOWED = 3 << 10  # KiB, of our part, between the second quarter and the last
HEAD = "   time    steps  resident    alone     ours  threads  files  own files  journal    server  rows there"


class Soak:
    def __init__(self, minutes: float, folder: Path):
        self.seconds, self.folder = minutes * 60, folder
        self.track = folder / "track"
        self.seen: list[Figures] = []
        self.check = Checks()

    def build(self) -> Path:
        program = self.folder / "soak"
        source = Path(__file__).with_name("soak.c")
        subprocess.run(["cc", "-O2", "-pthread", str(source), "-o", str(program)], check=True)
        return program

    def start(self, program: Path, out: str, **settings) -> subprocess.Popen:
        environment = clean_environment(self.track) | settings
        with open(self.folder / out, "wb") as stdout, open(self.folder / f"{out}.errors", "wb") as stderr:
            words = [program, str(self.seconds), str(RATE)]
            return subprocess.Popen(words, stdout=stdout, stderr=stderr, env=environment, cwd=self.folder)

    def run(self, server: StandIn) -> int:
        program = self.build()
        settings = {"LD_PRELOAD": str(library()), "WANDB_BASE_URL": server.url, "WANDB_API_KEY": KEY}
        settings |= {"TRACKSHIM_EXIT_TIMEOUT": "60"}
        tracked, alone = self.start(program, "tracked", **settings), self.start(program, "alone")
        # Ten kinds of trouble, each at least once, and never so short that nobody meets it.
        weather = Weather(server, max(1.0, min(20.0, self.seconds / 22)))
        try:
            self.watch(server, weather, tracked, alone)
            weather.stop()
            status = tracked.wait(90)
            alone.wait(30)
        finally:
            for process in (tracked, alone):
                process.kill()
        self.judge(server, weather, status)
        print(f"{self.check.passed} passed, {self.check.failed} failed")
        return 1 if self.check.failed else 0

    def watch(self, server, weather, tracked, alone):
        """Each second, in the middle between two changes of the programs' own memory."""
        print(HEAD)
        began, every, due = time.monotonic(), self.seconds / LINES_OF_TABLE, 0.0
        while (passed := time.monotonic() - began) < self.seconds - 1.5:
            time.sleep((1.5 - time.time() % 1) % 1 or 1)
            if tracked.poll() is not None or alone.poll() is not None:
                break
            figures = look(tracked.pid, alone.pid, time.monotonic() - began)
            self.seen.append(figures)
            if passed >= due:
                due += every
                self.print_line(figures, server, weather)

    def print_line(self, figures, server, weather):
        files = journal.run_files(self.track)
        size = files[0].stat().st_size if files else 0
        rows = len(server.runs()[0].stream("wandb-history.jsonl").text) if server.runs() else 0
        print(
            f"{figures.seconds:6.0f} s {figures.seconds * RATE:8.0f} {figures.resident:8d}K {figures.alone:7d}K "
            f"{figures.ours:7d}K {figures.threads:8d} {figures.files:6d} {figures.own_files:10d} "
            f"{size / 1e6:7.1f}MB {weather.now:>9s} {rows:11d}", flush=True,
        )

    def judge(self, server, weather, status):
        check, seen = self.check, self.seen
        check("the program ended as it does alone", status == 0, f"exit status {status}")
        check("the server had trouble of every kind", len(set(weather.had)) >= 9, f"{len(weather.had)} times")
        settled = seen[len(seen) // 4 :]
        more = growth([figures.ours for figures in seen])
        check("resident memory of our part stays", more < GROWTH_ALLOWED, f"{more:+.0f} KiB, at most "
              f"{max(figures.ours for figures in seen)} KiB")
        check("the host's files stay", len({figures.files for figures in settled}) == 1, settled[-1].files)
        own = sorted({figures.own_files for figures in settled})
        check("our threads' files stay", own[-1] <= 16 and abs(growth([f.own_files for f in seen])) <= 2, own)
        check("our threads stay", {figures.threads for figures in settled} == {2}, settled[-1].threads)
        self.judge_run(server)

    def judge_run(self, server):
        [file] = journal.run_files(self.track)
        names = self.folder / "tracked", self.folder / "tracked.errors"
        lines, steps = check_journal(self.check, file, *names)
        self.check("all steps that the time allows were printed", len(steps) > 0.9 * self.seconds * RATE,
                   f"{len(steps)} in {self.seconds:.0f} s")
        left = ring(file.stem.removeprefix("run-"), server.url)
        self.check("no shared memory is left", not left.exists())
        live = server.run().state
        environment = clean_environment(self.track) | {"WANDB_BASE_URL": server.url, "WANDB_API_KEY": KEY}
        words = [command(), "sync", file.parent]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=900)
        said = done.stdout.strip() + done.stderr.strip()
        self.check("trackshim sync is content", done.returncode == 0, f"the live end was {live}; {said}")
        check_server(self.check, server.run(), lines, steps)
        self.check("the server has nothing to complain of", not server.violations, server.violations[:3] or "")
        notes = [line for line in names[1].read_text().splitlines() if line.startswith("trackshim: ")]
        self.check("the notes are few", len(notes) <= 20, len(notes))


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory(prefix="trackshim-soak-") as folder, StandIn(key=KEY) as server:
        return Soak(minutes, Path(folder)).run(server)


if __name__ == "__main__":
    sys.exit(main())
