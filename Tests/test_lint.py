"""The lint for what could trap: a lint that has never refused anything shows nothing."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "Tests" / "lint" / "traps.swift"


def lint(*paths):
    return subprocess.run([sys.executable, "mk/traps.py", *map(str, paths)], cwd=ROOT, capture_output=True, text=True)


def test_the_trap_lint_refuses_what_it_must_and_nothing_else():
    expected = {n for n, line in enumerate(SAMPLE.read_text().splitlines(), 1) if line.endswith("// refused")}
    done = lint(SAMPLE)
    assert done.returncode == 1
    assert {int(n) for n in re.findall(r"traps\.swift:(\d+):", done.stdout)} == expected


def test_in_c_what_ends_the_process_is_refused(tmp_path):
    bad = tmp_path / "bad.c"
    bad.write_text('// assert(0)\nvoid f(char *a) { assert(a); }\nvoid g(char *a) { strcpy(a, "gets(a)"); }\n')
    assert re.findall(r":(\d+): (\w+)", lint(bad).stdout) == [("2", "assert"), ("3", "strcpy")]


def test_the_library_has_nothing_that_could_trap():
    assert lint().stdout == ""
