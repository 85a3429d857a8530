"""What the documents say against what the code does."""

import fnmatch
import re

from support.cases import CASES
from support.known import KNOWN
from support.library import ROOT

VARIABLE = re.compile(r"TRACKSHIM_[A-Z_]*[A-Z]")


def test_every_variable_is_documented_and_every_documented_one_is_read():
    sources = [*ROOT.glob("Sources/TrackShim/**/*.swift"), *ROOT.glob("Sources/CTrackShim/**/*.c")]
    read = {name for path in sources for name in re.findall(r'"(TRACKSHIM_[A-Z_]*[A-Z])"', path.read_text())}
    read.remove("TRACKSHIM_FAULT")  # of the library of `make faults` only
    table = [line for line in (ROOT / "docs/environment.md").read_text().splitlines() if line.startswith("| `TRACKSHIM_")]
    documented = {VARIABLE.search(line)[0] for line in table}
    assert documented == read


def test_every_host_that_hazards_names_is_there():
    text = (ROOT / "docs/hazards.md").read_text()
    cases = {case.name for case in CASES} | {path.name for path in (ROOT / "Tests").glob("*.py")}
    rows = [line.split("|")[3] for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    missing = [name for name in named if "/" not in name and not fnmatch.filter(cases, name)]
    assert not missing


def test_every_known_difference_stands_in_hazards():
    text = " ".join((ROOT / "docs/hazards.md").read_text().split())
    assert [known.reason for known in KNOWN if known.reason not in text] == []


def test_api_has_a_line_for_each_function_and_names_nothing_that_is_not_there():
    header = (ROOT / "Sources/CTrackShim/include/trackshim.h").read_text()
    functions = set(re.findall(r"^TRACKSHIM_CALL .*?\b(trackshim_\w+)\(", header, re.MULTILINE))
    text = (ROOT / "docs/api.md").read_text()
    rows = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `trackshim_"))
    assert len(functions) > 20
    assert set(re.findall(r"`(trackshim_\w+)`", rows)) == functions
    name = r"\b(?:trackshim|TRACKSHIM)_\w+"
    variables = set(VARIABLE.findall((ROOT / "docs/environment.md").read_text()))
    assert set(re.findall(name, text)) - set(re.findall(name, header)) - variables == set()
