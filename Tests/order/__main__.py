"""python Tests/order LIBRARY: the library's functions in the order in which they are to stand in it, one name a line.

First what every program that is started with it runs, then what recording takes, then what sending takes; the rest is
left where it is. So few of the library's pages are touched, and become a part of somebody's process. Functions are told
by callgrind from runs of each kind; LIBRARY has its symbols.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from server.fixtures import KEY  # noqa: E402
from server.listener import StandIn  # noqa: E402
from support.execution import clean_environment  # noqa: E402
from support.library import ROOT  # noqa: E402

LOGS = ("nanogpt", "keras_bars", "hf_trainer_plain", "build_nanogpt", "caffe")


def programs(folder: Path) -> list[list]:
    """What trainers print, and how: the seed's lines by stdio, others' by write(2)."""
    lines = folder / "lines"
    source = ROOT / "Tests/bench/hosts/lines.c"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", lines], check=True)
    return [[lines, 3000, 20, 1], ["cat", *(ROOT / f"Tests/logs/trainers/{name}.log" for name in LOGS)]]


def functions(words: list, environment: dict, folder: Path) -> dict[str, int]:
    """Of the library: the instructions of each."""
    out = folder / "callgrind"
    valgrind = ["valgrind", "--tool=callgrind", "--demangle=no", "--trace-children=no", f"--callgrind-out-file={out}"]
    subprocess.run([*valgrind, *map(str, words)], env=environment, cwd=folder, check=True, capture_output=True)
    return costs(out.read_text(errors="replace").splitlines())


def costs(lines: list[str]) -> dict[str, int]:
    """callgrind names an object or a function once, `(12) name`, and by its number from then on."""
    objects, names, found = {}, {}, {}
    ours, current, is_call = False, "", False
    for line in lines:
        if match := re.match(r"(c?)ob=(\(\d+\)) ?(.*)", line):
            objects[match[2]] = match[3] or objects[match[2]]
            ours = "libtrackshim" in objects[match[2]] if not match[1] else ours
        elif match := re.match(r"(c?)fn=(\(\d+\)) ?(.*)", line):
            names[match[2]] = match[3] or names[match[2]]
            current = names[match[2]] if not match[1] else current
        elif line.startswith("calls="):
            is_call = True
        elif match := re.match(r"[+\-*\d]\S* (\d+)$", line):
            # Behind a call stands what it took in all.
            if ours and not is_call:
                found[current] = found.get(current, 0) + int(match[1])
            is_call = False
    return found


def ordered(library: Path) -> list[str]:
    order: dict[str, None] = {}
    with tempfile.TemporaryDirectory() as name, StandIn() as server:
        folder = Path(name)
        copy = folder / "libtrackshim.so"
        # Swift's debugging symbols are too much for valgrind.
        subprocess.run(["objcopy", "--strip-debug", library, copy], check=True)
        online = {"WANDB_BASE_URL": server.url, "WANDB_API_KEY": KEY, "TRACKSHIM_EXIT_TIMEOUT": "60"}
        kinds = [[["true"]], programs(folder), programs(folder)]
        for words, more in zip(kinds, ({}, {"TRACKSHIM_MODE": "offline"}, online)):
            cost: dict[str, int] = {}
            for each in words:
                environment = clean_environment(folder / "track", settles=False) | more | {"LD_PRELOAD": str(copy)}
                for function, count in functions(each, environment, folder).items():
                    cost[function] = cost.get(function, 0) + count
            order |= dict.fromkeys(sorted(cost, key=lambda function: (-cost[function], function)))
    # A recursive function is several in callgrind's eyes, and what has no name an address.
    plain = (re.sub(r"'\d+$", "", function) for function in order)
    return list(dict.fromkeys(name for name in plain if re.fullmatch(r"[\w.$]+", name) and not name.startswith("0x")))


if __name__ == "__main__":
    print("\n".join(ordered(Path(sys.argv[1]).resolve())))
