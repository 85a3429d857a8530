"""Properties of the files that are shipped: what the library asks of its host, and what it shows of itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.library import HEADER, ROOT, command

EXPORTS = ROOT / "Sources/CTrackShim/exports.map"

# Ubuntu 22.04 has 2.35, RHEL 9 has 2.34.
GLIBC_FLOOR = (2, 34)
# The Swift standard library alone is 6 MB.
LARGEST = 8_600_000
# The Swift runtime's own: its context, its thread id, libstdc++'s exception state. More would come out of the
# few hundred bytes that glibc keeps for libraries loaded late (dlopen).
LARGEST_TLS = 64


def answer(*words) -> str:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True).stdout


def dynamic_section(library: Path) -> list[tuple[str, str]]:
    """Tag and value of each entry."""
    return re.findall(r"^ *0x[0-9a-f]+ \((\w+)\) +(.*?)$", answer("readelf", "-dW", library), re.MULTILINE)


def segments(library: Path) -> dict[str, list[str]]:
    """The program headers' columns by type: offset, two addresses, size in file, in memory, flags…"""
    rows = (line.split() for line in answer("readelf", "-lW", library).splitlines())
    return {row[0]: row[1:] for row in rows if len(row) >= 7 and row[1].startswith("0x")}


def exported(library: Path) -> set[str]:
    lines = answer("nm", "-D", "--defined-only", library).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def declared_functions() -> set[str]:
    code = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\b(trackshim_\w+)\(", code))


def listed_exports() -> set[str]:
    text = re.sub(r"/\*.*?\*/", "", EXPORTS.read_text(), flags=re.DOTALL)
    return set(re.findall(r"[\w*]+(?=;)", text.split("global:")[1].split("local:")[0]))


def test_needs_only_libc_libm_and_the_loader(shim):
    needed = [re.search(r"\[(.*)\]", value)[1] for tag, value in dynamic_section(shim) if tag == "NEEDED"]
    assert sorted(needed) == ["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6"]


def test_knows_no_faults_on_purpose(shim):
    """Those are only in the library of `make faults`, which is linked of the same parts."""
    assert b"TRACKSHIM_FAULT" not in shim.read_bytes()


def test_the_functions_that_run_stand_together(shim):
    """A list of names that are gone would have them stand anywhere again: `make order` makes it anew."""
    symbols = {line.split()[-1] for line in answer("nm", f"{shim}.debug").splitlines()}
    named = (ROOT / "Sources/CTrackShim/functions.order").read_text().split()
    assert len([name for name in named if name in symbols]) > 0.8 * len(named) > 1000


def test_is_found_by_its_name_and_stays(shim):
    """Its name has the number of its series: with another one it would be another interface."""
    series = re.search(r"TRACKSHIM_VERSION_MAJOR (\d+)", HEADER.read_text())[1]
    entries = dict(dynamic_section(shim))
    assert entries["SONAME"].endswith(f"[libtrackshim.so.{series}]")
    assert (shim.parent / f"libtrackshim.so.{series}").exists()
    assert "NODELETE" in entries["FLAGS_1"]


def test_sends_nobody_searching(shim):
    """A RUNPATH would have every exec look for libm and libc beside the library first."""
    assert not {"RUNPATH", "RPATH"} & {tag for tag, _ in dynamic_section(shim)}


def test_memory_is_either_written_or_run(shim):
    assert not {"TEXTREL"} & {tag for tag, _ in dynamic_section(shim)}
    assert not any("TEXTREL" in value for tag, value in dynamic_section(shim) if tag.startswith("FLAGS"))
    found = segments(shim)
    assert "GNU_RELRO" in found
    assert found["GNU_STACK"][5:-1] == ["RW"]
    flags = re.findall(r"^ +LOAD .*? ([R ][W ][E ]) 0x", answer("readelf", "-lW", shim), re.MULTILINE)
    assert flags and "RWE" not in flags


def test_thread_local_storage_is_small(shim, measured):
    size = int(segments(shim)["TLS"][4], 16)
    measured(f"thread-local storage: {size} bytes in each of the host's threads")
    assert size <= LARGEST_TLS


def test_size(shim, measured):
    size = shim.stat().st_size
    measured(f"library: {size:,} bytes")
    assert size <= LARGEST


@pytest.mark.parametrize("name", ["library", "command"])
def test_glibc_floor(name, shim, measured):
    asked = re.findall(r"\bGLIBC_(\d+)\.(\d+)", answer("objdump", "-T", shim if name == "library" else command()))
    highest = max((int(major), int(minor)) for major, minor in asked)
    measured(f"the {name} needs glibc {highest[0]}.{highest[1]}")
    assert highest <= GLIBC_FLOOR


def test_exports_are_the_header_and_the_interposed_names(shim):
    listed = listed_exports()
    assert "trackshim_*" in listed and len(listed) > 30
    assert exported(shim) == listed - {"trackshim_*"} | declared_functions()


def test_an_interposed_name_is_one_of_libc(shim):
    """A name that libc does not have is a slip of the pen, and would be called by nobody."""
    libc = re.search(r"=> (\S*libc\.so\.6)", answer("ldd", "/bin/sh"))[1]
    ours = listed_exports() - {"trackshim_*"}
    assert ours - exported(Path(libc)) == set()


def test_no_foundation_and_no_dispatch(shim):
    symbols = Path(f"{shim}.debug")
    if not symbols.exists():
        pytest.skip(f"{symbols.name} is not there")
    names = answer("nm", symbols).splitlines()
    assert len(names) > 1000
    # Swift mangles a module as its name's length and its name.
    alien = re.compile(r" \w \$s(10Foundation|20FoundationEssentials|8Dispatch)|^\w+ [tT] _?dispatch_")
    assert [name for name in names if alien.search(name)] == []


# ---- trackshim.h ----

CALLS = ROOT / "Tests/hosts/api_every_call.c"
STRICT = ("-pedantic", "-Wall", "-Wextra", "-Werror")


LANGUAGES = {
    "C99": ("gcc", "-std=c99"), "C11, clang": ("clang", "-std=c11"), "C++11": ("g++", "-x", "c++", "-std=c++11"),
    "C++20, clang": ("clang++", "-x", "c++", "-std=c++20"),
}


@pytest.fixture(params=LANGUAGES.values(), ids=LANGUAGES.keys())
def caller(request, shim, tmp_path):
    """A program that calls every function of the header, with every warning an error."""
    if not shutil.which(request.param[0]):
        pytest.skip(f"{request.param[0]} is not installed")
    program = tmp_path / "calls"
    words = [*request.param, *STRICT, f"-I{HEADER.parent}", CALLS, "-o", program, f"-L{shim.parent}"]
    done = subprocess.run([*words, "-ltrackshim", f"-Wl,-rpath,{shim.parent}"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return program


def test_the_program_calls_every_function():
    assert declared_functions() == set(re.findall(r"trackshim_\w+(?=\()", CALLS.read_text()))


def test_header_and_library_agree(caller, tmp_path):
    """test_api.py looks at what is recorded of it."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TRACKSHIM_DIR": str(tmp_path / "track")}
    done = subprocess.run([caller], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=30)
    answers = [line for line in done.stdout.splitlines() if ", errno " in line]
    assert len(answers) > 30 and all(": ok, errno 77" in line for line in answers)
    assert done.returncode == 3


ODD_USES = """
#include <trackshim.h>
#include <trackshim.h>
int main(void) {
  trackshim_options options = TRACKSHIM_OPTIONS_INIT;
  trackshim_metric row[] = {{"a", 1}, {"b", 2}};
  const char *version = trackshim_version();
  (void)version;
  if (trackshim_start(&options) != TRACKSHIM_OK && trackshim_log_row(TRACKSHIM_STEP_MAX, row, 2) == TRACKSHIM_OK) return 1;
  trackshim_log(TRACKSHIM_AUTO_STEP, "c", 3);
  return trackshim_define_metric("c", NULL, TRACKSHIM_SUMMARY_MAX | TRACKSHIM_HIDDEN) == TRACKSHIM_INVALID;
}
"""


@pytest.mark.parametrize("optional", ["", "#define TRACKSHIM_OPTIONAL"])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_header_is_of_every_standard(compiler, optional, tmp_path):
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    source = tmp_path / "uses.c"
    source.write_text(optional + ODD_USES)
    standards = [("c", f"-std=c{year}") for year in ("99", "11", "17")]
    standards += [("c++", f"-std=c++{year}") for year in ("11", "14", "17", "20", "23" if compiler == "gcc" else "2b")]
    for language, standard in standards:
        words = [compiler, "-x", language, standard, *STRICT, f"-I{HEADER.parent}", "-fsyntax-only", source]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, f"{language} {standard}: {done.stderr}"


def test_the_binary_interface_is_as_it_was(tmp_path):
    """What programs have compiled in: a change here breaks them, and wants another SONAME."""
    source = tmp_path / "layout.c"
    source.write_text(LAYOUT)
    subprocess.run(["gcc", f"-I{HEADER.parent}", source, "-o", tmp_path / "layout"], check=True)
    assert answer(tmp_path / "layout").split() == [
        "options", "104", "8", "88", "96", "metric", "16", "8", "counters", "64", "8", "56", "statuses", "0", "1", "2",
        "3", "4", "flags", "0", "1", "2", "3", "4", "16", "32", "64", "levels", "0", "1", "2", "limits", "1024", "60000", "4096",
    ]


LAYOUT = """
#include <stdio.h>
#include <trackshim.h>
int main(void) {
  printf("options %zu %zu %zu %zu ", sizeof(trackshim_options), offsetof(trackshim_options, project),
         offsetof(trackshim_options, mode), offsetof(trackshim_options, streams));
  printf("metric %zu %zu ", sizeof(trackshim_metric), offsetof(trackshim_metric, value));
  printf("counters %zu %zu %zu ", sizeof(trackshim_counters), offsetof(trackshim_counters, lines),
         offsetof(trackshim_counters, bytes_unsent));
  printf("statuses %d %d %d %d %d ", TRACKSHIM_OK, TRACKSHIM_INACTIVE, TRACKSHIM_INVALID, TRACKSHIM_DROPPED,
         TRACKSHIM_TIMEOUT);
  printf("flags %d %d %d %d %d %d %d %d ", TRACKSHIM_SUMMARY_LAST, TRACKSHIM_SUMMARY_MIN, TRACKSHIM_SUMMARY_MAX,
         TRACKSHIM_SUMMARY_FIRST, TRACKSHIM_SUMMARY_MEAN, TRACKSHIM_GOAL_MINIMIZE, TRACKSHIM_GOAL_MAXIMIZE,
         TRACKSHIM_HIDDEN);
  printf("levels %d %d %d ", TRACKSHIM_ALERT_INFO, TRACKSHIM_ALERT_WARN, TRACKSHIM_ALERT_ERROR);
  printf("limits %d %d %d", TRACKSHIM_KEY_MAX, TRACKSHIM_TEXT_MAX, TRACKSHIM_ROW_MAX);
}
"""


def test_one_version_everywhere():
    version = re.search(r'TRACKSHIM_VERSION "(.*)"', HEADER.read_text())[1]
    swift = (ROOT / "Sources/TrackShim/Version.swift").read_text()
    assert re.search(r'text = "(.*)"', swift)[1] == version
    changelog = ROOT / "CHANGELOG.md"
    released = re.findall(r"^## \[?(\d[\w.]*)", changelog.read_text() if changelog.exists() else "", re.MULTILINE)
    assert released[:1] in ([], [version])
