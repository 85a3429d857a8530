"""The manual pages against what the command and the header have: an option or a call without a line fails by name."""

import re
import subprocess

import pytest
from support.cli import tool
from support.library import HEADER, ROOT
from support.needs import require

COMMAND = ROOT / "man/trackshim.1"
LIBRARY = ROOT / "man/libtrackshim.3"
# They stand once, in front of the commands.
EVERYWHERE = {"--help", "--version"}


def help_of(*words) -> str:
    return subprocess.check_output([tool(), *words, "--help"], text=True)


def commands() -> list[str]:
    return re.findall(r"^  ([a-z-]+) +\w", help_of().split("SUBCOMMANDS:")[1], re.MULTILINE)


def options(text: str) -> set[str]:
    """Each stands at the beginning of its line, perhaps behind its short form."""
    return set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.MULTILINE))


def sections() -> dict[str, str]:
    """The page's parts by their headings; what stands before the first command is under DESCRIPTION."""
    parts = re.split(r'^\.S[hs] "?(.*?)"?$', COMMAND.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def described(section: str) -> set[str]:
    items = re.findall(r"^\.It (.*)$", section, re.MULTILINE)
    return {f"-{name}" for item in items for name in re.findall(r"\bFl (-[\w-]+)", item)}


def declarations() -> str:
    return re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)


def test_each_command_has_a_section():
    assert [name.split()[1] for name in sections() if name.startswith("trackshim ")] == commands()


def test_the_options_of_all_commands():
    assert described(sections()["DESCRIPTION"]) == EVERYWHERE == options(help_of())


@pytest.mark.parametrize("name", ["run", "show", "sync", "check", "learn", "import"])
def test_the_options_of_a_command(name):
    assert described(sections()[f"trackshim {name}"]) == options(help_of(name)) - EVERYWHERE


def test_no_command_is_left_out_above():
    assert commands() == ["run", "show", "sync", "check", "learn", "import"]


def test_each_call_has_a_line():
    declared = set(re.findall(r"\b(trackshim_\w+)\(", declarations()))
    assert set(re.findall(r"^\.It Fn (trackshim_\w+)", LIBRARY.read_text(), re.MULTILINE)) == declared


def test_each_status_has_a_line():
    values = declarations().split("enum trackshim_status")[1].split("}")[0]
    statuses = re.findall(r"^  (TRACKSHIM_\w+) = ", values, re.MULTILINE)
    assert re.findall(r"^\.It Dv (\w+)$", LIBRARY.read_text(), re.MULTILINE) == statuses


@pytest.mark.parametrize("page", [COMMAND, LIBRARY], ids=lambda page: page.name)
def test_man_has_nothing_to_warn_of(page, tmp_path):
    require("man", "groff")
    words = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page]
    done = subprocess.run(words, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) > 1000
