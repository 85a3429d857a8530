"""Figures of AMD's GPUs, from files as the kernel's driver has them: no card was there when this was written.

What stands in them must be in the journal, under W&B's names and in its units; and whatever they do, the program must not
notice."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from google.protobuf import json_format
from server.fixtures import stand_in  # noqa: F401
from support import journal, nvml
from support.amd import DESCRIPTION, FULL, Tree, named
from support.cases import CASES
from support.lab import Lab
from support.library import ROOT
from support.nvml import Driver, samples, stats
from support.online import Online, notes_in, wait_for
from test_gpu import STEADY, THEIRS, case, examine, merged_environment, steps, threads_of

pytestmark = pytest.mark.skipif(Path("/proc/driver/nvidia").exists(), reason="NVIDIA's GPUs here would come first")
FIRST, SECOND = "0000:03:00.0", "0000:c3:00.0"
LINES = list(range(1, 61))


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "sys")


def meanwhile(lab, tree, shim, *acts):
    """The host for longer, and `acts`, each so many seconds after it has begun."""
    host = case(tree.says(), command=("{}", "120", "10"))
    lab.alone(host, "pipe")
    timers = [threading.Timer(seconds, act) for seconds, act in acts]
    for timer in timers:
        timer.start()
    try:
        return examine(lab, host, shim)
    finally:
        for timer in timers:
            timer.join()


# ---- What is recorded ----


def test_every_figure_has_its_name_and_unit(tree, lab: Lab, shim):
    tree.card(0, FIRST)
    tree.card(1, SECOND, gpu_busy_percent=100, mem_info_vram_used=1, mem_info_vram_total=3, hwmon__temp3_input=43500)
    tracked, records, _ = examine(lab, case(tree.says()), shim)
    found = samples(records)
    assert found[0] == named(0) | named(1, gpu=100, memoryAllocated=1 / 3 * 100, temp=43.5)
    assert found[0] == found[-1] and 4 <= len(found) <= 8, "one at once, one each 100 ms"
    assert len(notes_in(tracked.stderr)) == 2, "nothing is said of it"
    assert steps(records) == LINES


def test_cards_are_numbered_by_their_address(tree, lab: Lab, shim):
    """As ROCm does, and so W&B's client; the kernel's number is another one."""
    for number, address in enumerate(["0000:c3:00.0", "10000:01:00.0", "0000:0a:00.0", "0000:09:00.1"]):
        tree.card(number, address, gpu_busy_percent=number)
    _, records, _ = examine(lab, case(tree.says()), shim)
    assert [samples(records)[-1][f"gpu.{index}.gpu"] for index in range(4)] == [3, 2, 0, 1]


def test_other_makers_and_connectors_are_none(tree, lab: Lab, shim):
    tree.card(0, "0000:00:02.0", vendor="0x8086")
    tree.card(2, "0000:01:00.0", vendor="0x10de")
    tree.card(3, "0000:02:00.0", vendor="0x10021")
    amd = tree.card(11, FIRST)
    for name in "card11-DP-1", "renderD128", "card", "card1x", "card99999999999":
        tree.link(name, amd.folder / "drm/card11")
    _, records, _ = examine(lab, case(tree.says()), shim)
    assert samples(records)[-1] == named(0)


POWERS = {
    "now": ({"power1_label": "PPT", "power1_input": 91000000}, 91),
    "of-something-else": ({"power1_label": "slowPPT", "power1_input": 91000000}, 89.123),
    "unnamed": ({"power1_input": 91000000}, 89.123),
    "not-now": ({"power1_label": "PPT"}, 89.123),
    "only-now": ({"power1_label": "PPT", "power1_input": 91000000, "power1_average": None}, 91),
    "none": ({"power1_average": None}, None),
}


@pytest.mark.parametrize("files, watts", POWERS.values(), ids=POWERS)
def test_the_power_that_rocm_shows(files, watts, tree, lab: Lab, shim):
    tree.card(0, FIRST, **{f"hwmon__{name}": value for name, value in files.items()})
    _, records, _ = examine(lab, case(tree.says()), shim)
    percent = watts and pytest.approx(watts / 560 * 100, rel=1e-12)
    assert samples(records)[-1] == named(0, powerWatts=watts, powerPercent=percent)


def test_the_temperature_is_the_memorys(tree, lab: Lab, shim):
    """The second card has none, and the third has it in another place."""
    tree.card(0, "0000:01:00.0", hwmon__temp3_label="hotspot")
    tree.card(1, "0000:02:00.0", hwmon__temp1_label="mem", hwmon__temp3_label="edge")
    tree.card(2, "0000:03:00.0", hwmon__temp3_input=None)
    _, records, _ = examine(lab, case(tree.says()), shim)
    assert samples(records)[-1] == named(0, temp=None) | named(1, temp=35) | named(2, temp=None)


def test_what_a_card_does_not_have_is_absent(tree, lab: Lab, shim):
    """A processor's own graphics have no sensors, one of another kind no overdrive, a guest no limit of power."""
    tree.card(0, "0000:01:00.0", hwmon__name="nvme")
    tree.card(1, "0000:02:00.0", pp_mclk_od=None, mem_busy_percent=None, hwmon__power1_cap=None)
    bare = {name.replace("/", "__"): None for name in FULL if name != "vendor"}
    tree.card(2, "0000:03:00.0", **bare)
    _, records, _ = examine(lab, case(tree.says()), shim)
    poor = named(0, temp=None, powerWatts=None, powerPercent=None)
    assert samples(records)[-1] == poor | named(1, memoryOverDrive=None, memoryReadWriteActivity=None, powerPercent=None)


GARBAGE = {
    "empty": b"", "line": b"\n", "word": b"N/A\n", "negative": b"-3\n", "fraction": b"1.5\n", "more": b"37 %\n",
    "65-bits": b"18446744073709551616\n", "digits": b"9" * 4096, "zeros": b"\0" * 64, "bytes": bytes(range(256)),
}  # fmt: skip
NUMBERS = [name for name, value in FULL.items() if isinstance(value, int) and "temp1" not in name and "temp2" not in name]


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_number_is_absent(garbage, tree, lab: Lab, shim):
    whole = tree.card(0, FIRST)
    tree.card(1, SECOND, **{name.replace("/", "__"): garbage for name in NUMBERS})
    whole.write("mem_busy_percent", garbage)
    tracked, records, _ = examine(lab, case(tree.says()), shim)
    assert samples(records)[-1] == named(0, memoryReadWriteActivity=None)
    assert steps(records) == LINES and len(notes_in(tracked.stderr)) == 2


def test_numbers_at_their_limits(tree, lab: Lab, shim):
    """More than all of the time is no answer, and a memory of no bytes is none that is in use."""
    most = 2**64 - 1
    tree.card(0, "0000:01:00.0", gpu_busy_percent=101, mem_busy_percent=most, mem_info_vram_total=0, pp_mclk_od=2**32)
    tree.card(1, "0000:02:00.0", mem_info_vram_total=most, mem_info_vram_used=most, hwmon__power1_cap=0, hwmon__temp3_input=most)
    _, records, _ = examine(lab, case(tree.says()), shim)
    first = named(0, gpu=None, memoryReadWriteActivity=None, memoryAllocated=None, memoryOverDrive=None)
    assert samples(records)[-1] == first | named(1, memoryAllocated=100, powerPercent=None, temp=most / 1000)


def test_a_file_that_cannot_be_read(tree, lab: Lab, shim):
    card = tree.card(0, FIRST, gpu_busy_percent=None)
    card.path("gpu_busy_percent").mkdir()
    card.write("pp_mclk_od", None)
    card.path("pp_mclk_od").symlink_to("pp_mclk_od")
    _, records, _ = examine(lab, case(tree.says()), shim)
    assert samples(records)[-1] == named(0, gpu=None, memoryOverDrive=None)


def test_more_cards_than_are_measured(tree, lab: Lab, shim):
    for number in range(70):
        tree.card(number, f"0000:{number:02x}:00.0")
    _, records, _ = examine(lab, case(tree.says()), shim)
    assert len(samples(records)[-1]) == 64 * len(named(0))


def test_a_card_that_sleeps_is_not_asked(tree, lab: Lab, shim):
    """It would wake."""
    card = tree.card(0, FIRST, power__runtime_status="suspended")
    _, records, _ = meanwhile(lab, tree, shim, (0.5, lambda: card.write("power/runtime_status", "active")))
    assert samples(records)[-1] == named(0) and 2 <= len(samples(records)) <= 10


# ---- What they are ----


def test_the_cards_themselves(tree, lab: Lab, shim):
    tree.card(0, SECOND, product_name="", vbios_version="xxx", power_dpm_force_performance_level="profile_peak")
    tree.card(1, FIRST)
    _, records, _ = examine(lab, case(tree.says()), shim)
    merged = merged_environment(records)
    assert (merged.gpu_type, merged.gpu_count, merged.cuda_version) == (FULL["product_name"], 2, "")
    first, second = (json_format.MessageToDict(card) for card in merged.gpu_amd)
    assert first == {"id": "0"} | DESCRIPTION
    without = {name: value for name, value in DESCRIPTION.items() if name not in ("series", "sku")}
    assert second == {"id": "1"} | without | {"vbiosVersion": "xxx", "performanceLevel": "stable_peak"}


def test_beside_a_server(programs, shim, tmp_path, tree, stand_in):  # noqa: F811
    tree.card(0, FIRST)
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_UPLOAD_INTERVAL=0.1, **tree.says())
    ended = online.run(60, 10)
    assert ended.status == 0 and stand_in.run().state == "finished" and stand_in.violations == []
    assert samples(journal.records(ended.journal))[0] == named(0)
    metadata = json.loads(stand_in.run().files["wandb-metadata.json"])
    assert (metadata["gpu"], metadata["gpu_count"]) == (FULL["product_name"], 1)
    assert metadata["gpu_amd"] == [{"id": "0"} | DESCRIPTION]


# ---- NVIDIA's and AMD's in one machine ----


def both(tree, programs, tmp_path, more=()):
    driver = Driver(programs, tmp_path)
    return driver.says(nvml.FULL, nvml.FULL, more=more) | tree.says()


def test_amds_follow_nvidias(tree, programs, tmp_path, lab: Lab, shim):
    """W&B's client gives both the same names, of which the last counts."""
    tree.card(0, FIRST)
    _, records, _ = examine(lab, case(both(tree, programs, tmp_path)), shim)
    assert samples(records)[-1] == nvml.named(0) | nvml.named(1) | named(2)
    merged = merged_environment(records)
    assert (merged.gpu_type, merged.gpu_count) == (nvml.FULL["name"], 2)
    assert [card.id for card in merged.gpu_amd] == ["2"] and len(merged.gpu_nvidia) == 2


def test_nvidias_driver_says_no(tree, programs, tmp_path, lab: Lab, shim):
    tree.card(0, FIRST)
    tracked, records, _ = examine(lab, case(both(tree, programs, tmp_path, ("init 999",))), shim)
    assert samples(records)[-1] == named(0)
    assert ["NVIDIA's GPUs are not recorded" in note for note in notes_in(tracked.stderr) if "GPU" in note] == [True]


@pytest.mark.parametrize("place", ["nvmlInit_v2 0", "GetPowerUsage 2"])
def test_nvidias_driver_hangs(place, tree, programs, tmp_path, lab: Lab, shim):
    """One thread asks all: then all figures are missing, and the program goes on."""
    tree.card(0, FIRST)
    _, records, took = examine(lab, case(both(tree, programs, tmp_path, (f"do hang {place}",))), shim)
    assert len(samples(records)) == (place != "nvmlInit_v2 0") and steps(records) == LINES and took < 60 * 0.010 + 1.5


# ---- What goes wrong ----


def test_a_card_that_vanishes(tree, lab: Lab, shim):
    card = tree.card(0, FIRST)
    tree.card(1, SECOND)

    def act():
        card.vanish()
        tree.root.joinpath("class/drm/card0").unlink()
        tree.card(0, FIRST)  # another one in its place

    tracked, records, _ = meanwhile(lab, tree, shim, (0.5, act))
    assert samples(records)[0] == named(0) | named(1) and samples(records)[-1] == named(1)
    assert len([note for note in notes_in(tracked.stderr) if "GPU 0 does not answer any more" in note]) == 1


PLACES = ("unique_id", "hwmon/name", "hwmon/temp1_label", "vendor", "power/runtime_status", "gpu_busy_percent", "hwmon/power1_cap")


@pytest.mark.parametrize("place", PLACES)
def test_a_file_that_hangs(place, tree, tmp_path, lab: Lab, shim):
    """A FIFO that nobody writes to: who opens it waits, as with a card that is being reset."""
    tree.card(0, FIRST)
    tree.card(1, SECOND).hang(place, tmp_path / "fifo")
    _, records, took = examine(lab, case(tree.says()), shim)
    assert took < 60 * 0.010 + 1.5
    assert steps(records) == LINES and records[-1].exit.exit_code == 3
    # What is no file is no card, and nobody waits for it.
    assert samples(records)[:1] == ([named(0)] if place == "vendor" else [])


def test_figures_go_on_when_the_card_answers(tree, tmp_path, lab: Lab, shim):
    card = tree.card(0, FIRST)
    fifo = tmp_path / "fifo"

    def answer():
        card.write("gpu_busy_percent", 88)
        with fifo.open("w") as file:
            file.write("77\n")

    _, records, took = meanwhile(lab, tree, shim, (0.4, lambda: card.hang("gpu_busy_percent", fifo)), (0.9, answer))
    found = [sample["gpu.0.gpu"] for sample in samples(records)]
    assert found[0] == 37 and found.count(77) == 1 and found[-1] == 88 and len(found) <= 11
    assert took < 120 * 0.010 + 1.5


ENDS = (
    "exec", "fork", "raw_clone", "pthread_exit", "quick_exit", "setuid_threads", "seccomp_kill", "closefrom",
    "end-return", "end-_exit", "end-abort", "end-segv", "end-sigterm", "end-sigkill", "few_fds", "own_malloc",
)  # fmt: skip


@pytest.mark.parametrize("hangs", [False, True], ids=["well", "hanging"])
@pytest.mark.parametrize("host", [c for c in CASES if c.name in ENDS], ids=str)
def test_hosts_that_would_notice(host, hangs, tree, tmp_path, lab: Lab, shim):
    card = tree.card(0, FIRST)
    if hangs:
        card.hang("gpu_busy_percent", tmp_path / "fifo")
    host = replace(host, environment=(*host.environment, *tree.says().items()))
    began = time.monotonic()
    assert lab.examine(host, "pipe", shim) == []
    assert time.monotonic() - began < 12


def test_nobody_wants_figures(tree, lab: Lab, shim):
    tree.card(0, FIRST)
    _, records, _ = examine(lab, case(tree.says(interval=0)), shim)
    assert stats(records) == [] and len(merged_environment(records).gpu_amd) == 0


# ---- What the program would notice ----


@pytest.mark.parametrize("vendor, is_there", [(None, False), ("0x8086", False), ("0x1002", True)], ids=["none", "intel", "amd"])
def test_no_thread_where_there_is_no_card(vendor, is_there, tree, programs, shim, tmp_path):
    if vendor:
        tree.card(0, FIRST, vendor=vendor)
    online = Online(programs, shim, tmp_path, TRACKSHIM_MODE="offline", **tree.says())
    process = online.start("200", "10", source=STEADY)
    try:
        wait_for(lambda: "trackshim" in threads_of(process), 5, "the worker")
        time.sleep(0.7)
        assert ("trackshim-gpu" in threads_of(process)) == is_there
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        assert "nvidia" not in maps and len({line.split()[-1] for line in maps.splitlines() if "libc.so" in line}) == 1
    finally:
        process.kill()
        process.communicate()


def test_its_files_are_in_a_table_of_its_own(tree, programs, shim, tmp_path):
    tree.card(0, FIRST)
    online = Online(programs, shim, tmp_path, TRACKSHIM_MODE="offline", **tree.says())
    process = online.start("300", "10", source=STEADY)
    try:
        wait_for(lambda: "trackshim-gpu" in threads_of(process), 5, "the thread")
        time.sleep(0.5)
        tables = {}
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            tables[(task / "comm").read_text().strip()] = [os.readlink(link) for link in (task / "fd").iterdir()]
        ours = tables.pop("trackshim-gpu")
        assert len([target for target in ours if FIRST in target]) == 2, "the card and its sensors"
        assert not any(FIRST in target for table in tables.values() for target in table)
    finally:
        process.kill()
        process.communicate()


SOURCES = [ROOT / f"Sources/CTrackShim/{part}.c" for part in ("amd_figures", "amd_cards", "amd_files", "files")]


@pytest.mark.parametrize("garbage", [None, *GARBAGE.values()], ids=["well", *GARBAGE])
def test_the_questions_under_sanitizers(garbage, tree, programs):
    flags = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", *map(str, SOURCES))
    asks = programs.binary("../gpu/asks_amd.c", flags)
    changed = {} if garbage is None else {name.replace("/", "__"): garbage for name in FULL if name != "vendor"}
    for number in range(70):
        tree.card(number, f"0000:{number:02x}:00.0", **changed)
    environment = {"PATH": os.environ["PATH"], "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([asks, tree.root, "3"], env=environment, capture_output=True, text=True, errors="replace", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 64\n") and done.stdout.count("\nfigures ") == 3 * 64


# ---- Beside W&B's client ----

# One difference each from a card that has everything.
ODD = (
    {"hwmon__temp3_label": None}, {"hwmon__power1_average": None}, {"hwmon__power1_cap": None}, {"hwmon__name": "nvme"},
    {"gpu_busy_percent": 101, "mem_busy_percent": 101}, {"pp_mclk_od": None, "pp_sclk_od": None, "mem_busy_percent": None},
    {"mem_info_vram_used": 0}, {"hwmon__power1_input": 91000000}, {"mem_info_vram_used": None, "mem_info_vram_total": None},
    {"hwmon__power1_input": 91000000, "hwmon__power1_label": "PPT", "hwmon__power1_average": None},
    {"hwmon__power1_cap": 560955000}, {"vbios_version": None, "unique_id": None, "power_dpm_force_performance_level": None},
    {"power_dpm_force_performance_level": "profile_min_sclk", "vbios_version": "1-2-3", "device": "0x74a1"},
)  # fmt: skip


def theirs(root: Path, library: Path, folder: Path) -> list:
    """The records of W&B's client with ROCm's library, in a process whose /sys is the tree."""
    folder.mkdir()
    (folder / "librocm_smi64.so").symlink_to(library)
    script = folder / "theirs.py"
    script.write_text(THEIRS.replace("sleep(1)", "sleep(2)"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LD_LIBRARY_PATH": str(folder)}
    words = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /sys && exec "$@"', root, sys.executable, script]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    [file] = folder.glob("wandb/offline-run-*/*.wandb")
    return journal.records(file)


def test_the_official_client_says_the_same(tree, lab: Lab, shim, tmp_path):
    """Names, numbers and values, and what the cards are, but for their maker's name, which comes from a database."""
    library = os.environ.get("ROCM_SMI_LIB_PATH", "/opt/rocm/lib/librocm_smi64.so.1")
    if not Path(library).exists():
        pytest.skip("ROCm's library is not there; ROCM_SMI_LIB_PATH says where it is")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("no mounts of its own for a process here")
    for number, odd in enumerate(({}, *ODD)):
        tree.card(number, f"0000:{number + 1:02x}:00.0", **({"unique_id": f"{0xABCDEF00 + number:x}"} | odd))
    tree.computes()
    official = theirs(tree.root, Path(library), tmp_path / "theirs")
    _, records, _ = examine(lab, case(tree.says()), shim)
    other = {name: value for name, value in samples(official)[-1].items() if name.startswith("gpu.")}
    assert samples(records)[-1] == pytest.approx(other, rel=1e-12) and len(other) > 70
    mine, other = merged_environment(records), merged_environment(official)
    assert (mine.gpu_type, mine.gpu_count) == (other.gpu_type, other.gpu_count)
    for mine, other in zip(mine.gpu_amd, other.gpu_amd, strict=True):
        mine.vendor = other.vendor
        assert mine == other


def test_the_document_names_every_figure():
    text = (ROOT / "docs/gpus.md").read_text()
    assert [name for name in named(0) if f"`{name.split('.', 2)[2]}`" not in text] == []
