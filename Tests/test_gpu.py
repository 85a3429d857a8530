"""GPU figures, from a stand-in for NVIDIA's library: no GPU was there when this was written.

What the stand-in says must be in the journal, under W&B's names and in its units; and whatever its functions do, the
program must not notice."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from server.fixtures import stand_in  # noqa: F401
from support import journal, known
from support.case import Case
from support.cases import CASES
from support.comparison import differences
from support.lab import Lab, recover
from support.library import ROOT
from support.nvml import FULL, Driver, named, samples, stats
from support.online import Online, notes_in, wait_for

STEADY = "steady.c"
EXIT_TIMEOUT = 2


@pytest.fixture
def driver(programs, tmp_path):
    return Driver(programs, tmp_path)


def case(settings, source=STEADY, command=("{}", "60", "10"), name="gpu", **more):
    settings = {"TRACKSHIM_EXIT_TIMEOUT": EXIT_TIMEOUT} | settings
    return Case(name, source, command=command, environment=tuple((key, str(value)) for key, value in settings.items()), **more)


def examine(lab: Lab, host: Case, library: Path, kind="pipe"):
    """The same as alone, the run whole; the outcome and the records."""
    alone = lab.alone(host, kind)
    began = time.monotonic()
    tracked = lab.run(host, kind, library)
    took = time.monotonic() - began
    assert differences(host, alone, tracked) == []
    [file] = journal.run_files(lab.track)
    return tracked, journal.records(file), took


def steps(records):
    rows = [record.history for record in records if record.WhichOneof("record_type") == "history"]
    return [int(item.value_json) for row in rows for item in row.item if item.nested_key[:1] == ["_step"]]


# ---- What is recorded ----


def test_every_figure_has_its_name_and_unit(lab: Lab, shim, driver):
    second = FULL | {"name": "NVIDIA A100", "utilization": 100, "total": 3, "used": 1, "power": 1, "powerLimit": 3}
    more = ("pid 0 compute 4711", "pid 0 compute self")
    tracked, records, _ = examine(lab, case(driver.says(FULL, second, more=more)), shim)
    found = samples(records)
    assert found[0] == named(0, process=True) | named(
        1, gpu=100, memoryAllocated=1 / 3 * 100, memoryAllocatedBytes=1, powerWatts=0.001, enforcedPowerLimitWatts=0.003,
        powerPercent=1 / 3 * 100,
    )  # fmt: skip
    assert found[0] == found[-1] and 4 <= len(found) <= 8, "one at once, one each 100 ms"
    assert len(notes_in(tracked.stderr)) == 2, "nothing is said of it"
    assert steps(records) == list(range(1, 61))


def test_the_first_sample_comes_with_the_run(lab: Lab, shim, driver):
    _, records, _ = examine(lab, case(driver.says(FULL, interval=15)), shim)
    [sample] = stats(records)
    began = next(record.run.start_time for record in records if record.WhichOneof("record_type") == "run")
    later = sample.timestamp.ToNanoseconds() - began.ToNanoseconds()
    assert 0 <= later < 1_000_000_000


def test_values_are_json_as_the_official_client_writes_them(lab: Lab, shim, driver):
    _, records, _ = examine(lab, case(driver.says(FULL)), shim)
    texts = {item.key: item.value_json for item in stats(records)[0].item}
    assert texts["gpu.0.gpu"] == "37" and texts["gpu.0.powerWatts"] == "351.234"
    assert texts["gpu.0.enforcedPowerLimitWatts"] == "700" and texts["gpu.0.memoryAllocatedBytes"] == "21474836480"


def test_what_a_gpu_does_not_have_is_absent(lab: Lab, shim, driver):
    """A MIG device has no utilisation, a card without a fan no fan, a laptop's no limit of power."""
    names = ("utilization", "fan", "powerLimit", "corrected", "uncorrected")
    poor = {name: value for name, value in FULL.items() if name not in names}
    _, records, _ = examine(lab, case(driver.says(poor)), shim)
    expected = named(
        0, gpu=None, memory=None, fanSpeed=None, enforcedPowerLimitWatts=None, powerPercent=None,
        correctedMemoryErrors=None, uncorrectedMemoryErrors=None,
    )  # fmt: skip
    assert samples(records)[0] == samples(records)[-1] == expected


def test_a_figure_that_fails_is_absent_and_no_other(lab: Lab, shim, driver):
    more = ("fail 0 GetTemperature 999", "fail 0 GetMemoryInfo_v2 13", "fail 0 GetPowerUsage 4")
    _, records, _ = examine(lab, case(driver.says(FULL, FULL, more=more)), shim)
    used = FULL["used"] + FULL["reserved"]
    # Where the newer function is missing the older one counts in what the driver keeps.
    first = named(
        0, temp=None, powerWatts=None, powerPercent=None, memoryAllocatedBytes=used, memoryAllocated=used / FULL["total"] * 100
    )
    assert samples(records)[-1] == first | named(1)


def test_a_total_of_nothing_is_no_division(lab: Lab, shim, driver):
    empty = FULL | {"total": 0, "used": 0, "powerLimit": 0}
    _, records, _ = examine(lab, case(driver.says(empty)), shim)
    expected = named(0, memoryAllocated=None, memoryAllocatedBytes=0, enforcedPowerLimitWatts=0, powerPercent=None)
    assert samples(records)[-1] == expected


@pytest.mark.parametrize("flags", [(), ("-DOLD_DRIVER",)], ids=["new", "old"])
@pytest.mark.parametrize("which", ["compute", "graphics"])
def test_the_gpus_of_this_process(which, flags, programs, lab: Lab, shim, tmp_path):
    driver = Driver(programs, tmp_path, flags)
    more = ("pid 0 compute 1", "pid 0 graphics 2", f"pid 1 {which} 3", f"pid 1 {which} self")
    _, records, _ = examine(lab, case(driver.says(FULL, FULL, more=more)), shim)
    assert samples(records)[-1] == named(0) | named(1, process=True)


def test_the_gpus_themselves(lab: Lab, shim, driver):
    second = {"name": "NVIDIA T4", "architecture": 77, "total": 16106127360}
    _, records, _ = examine(lab, case(driver.says(FULL, second)), shim)
    merged = None
    for record in records:
        if record.WhichOneof("record_type") == "environment":
            writer = merged.writer_id if merged else record.environment.writer_id
            assert record.environment.writer_id == writer != ""
            merged = merged or type(record.environment)()
            merged.MergeFrom(record.environment)
    assert (merged.gpu_type, merged.gpu_count, merged.cuda_version) == (FULL["name"], 2, "12.4")
    first, second = merged.gpu_nvidia
    assert (first.name, first.uuid, first.architecture) == (FULL["name"], FULL["uuid"], "Hopper")
    assert (first.memory_total, first.cuda_cores) == (FULL["total"], 16896)
    assert (second.name, second.uuid, second.architecture, second.cuda_cores) == ("NVIDIA T4", "", "", 0)


def test_more_gpus_than_are_measured(lab: Lab, shim, driver):
    _, records, _ = examine(lab, case(driver.says(*[{"temperature": 40}] * 70)), shim)
    assert samples(records)[-1] == {f"gpu.{number}.temp": 40 for number in range(64)}
    assert max(r.environment.gpu_count for r in records if r.WhichOneof("record_type") == "environment") == 70


# ---- What goes wrong ----


def test_a_gpu_that_is_lost(lab: Lab, shim, driver):
    tracked, records, _ = examine(lab, case(driver.says(FULL, FULL, more=("lost 1 60",))), shim)
    found = samples(records)
    assert found[0] == named(0) | named(1)
    assert found[-1] == named(0)
    assert [note for note in notes_in(tracked.stderr) if "GPU 1 does not answer any more" in note] != []
    assert len(notes_in(tracked.stderr)) == 3


@pytest.mark.parametrize("error, said", [(9, None), (28, None), (18, "different versions"), (4, "may not"), (999, "999")])
def test_a_driver_that_says_no(error, said, lab: Lab, shim, driver):
    tracked, records, _ = examine(lab, case(driver.says(FULL, more=(f"init {error}",))), shim)
    assert samples(records) == []
    notes = [note for note in notes_in(tracked.stderr) if "GPU" in note]
    assert [said in note for note in notes] == ([True] if said else [])


@pytest.mark.parametrize("path, said", [("/nowhere/libnvidia-ml.so.1", "No such file"), ("{lib}", "not NVIDIA's library")])
def test_a_library_that_is_none(path, said, lab: Lab, shim, programs):
    other = str(programs.guest("other_guest.c"))
    tracked, records, _ = examine(lab, case({"TRACKSHIM_NVML": path.replace("{lib}", other)}), shim)
    assert [said in note for note in notes_in(tracked.stderr) if "GPU" in note] == [True]
    assert samples(records) == [] and steps(records) == list(range(1, 61))


PLACES = ("nvmlInit_v2 0", "GetHandleByIndex_v2 0", "GetUtilizationRates 0", "GetUtilizationRates 2", "GetPowerUsage 1")


@pytest.mark.parametrize("act", ["crash", "abort", "hang"])
@pytest.mark.parametrize("place", PLACES)
def test_a_call_that_does_not_come_back(place, act, lab: Lab, shim, driver):
    """Output, journal and the time it takes are what they are; the stand-in's finalizer would wait for ever."""
    host = case(driver.says(FULL, more=(f"do {act} {place}",)))
    tracked, records, took = examine(lab, host, shim)
    assert took < 60 * 0.010 + 1.5
    assert steps(records) == list(range(1, 61)) and records[-1].exit.exit_code == 3
    expected = named(0)
    whole = {"GetUtilizationRates 2": 2, "GetPowerUsage 1": 1}.get(place, 0)
    assert samples(records) == [expected] * whole
    said = [note for note in notes_in(tracked.stderr) if "driver's library" in note]
    assert len(said) == (act != "hang")
    assert "".join(said).count({"crash": "SIGSEGV", "abort": "SIGABRT", "hang": "-"}[act]) == len(said)


def test_a_slow_driver_costs_the_program_nothing(lab: Lab, shim, driver):
    _, records, took = examine(lab, case(driver.says(FULL, more=("do hang:700 GetPowerUsage 0",))), shim)
    assert took < 60 * 0.010 + 1.5
    assert steps(records) == list(range(1, 61))


def test_figures_go_on_behind_a_pause_of_the_driver(lab: Lab, shim, driver):
    host = case(driver.says(FULL, more=("do hang:400 GetPowerUsage 1",)), command=("{}", "120", "10"))
    _, records, _ = examine(lab, host, shim)
    assert 3 <= len(samples(records)) <= 10


@pytest.fixture(scope="session")
def faulty():
    path = Path(os.environ.get("TRACKSHIM_FAULTY_LIB", ROOT / "build/faults/libtrackshim.so"))
    if not path.exists():
        pytest.fail(f"{path} is not there: run `make faults`, or set TRACKSHIM_FAULTY_LIB", pytrace=False)
    return path


def test_a_driver_that_does_not_answer_is_said_once(lab: Lab, faulty, driver):
    """After half a second in this build, after half a minute in earnest."""
    host = case(driver.says(FULL, more=("do hang GetPowerUsage 1",)), command=("{}", "200", "10"))
    tracked, records, _ = examine(lab, host, faulty)
    assert len([note for note in notes_in(tracked.stderr) if "does not answer" in note]) == 1
    assert samples(records) == [named(0)]


@pytest.mark.parametrize("fault", ["segv", "ill", "abort", "stuck", "stack"])
@pytest.mark.parametrize("stage", ["gpu-load", "gpu-sample:2"])
def test_a_fault_of_the_thread_itself(stage, fault, lab: Lab, faulty, driver):
    stage, _, turn = stage.partition(":")
    plan = f"{stage}:{fault}" + (f":{turn}" if turn else "")
    host = case(driver.says(FULL) | {"TRACKSHIM_FAULT": plan})
    _, records, took = examine(lab, host, faulty)
    assert steps(records) == list(range(1, 61)) and took < 60 * 0.010 + 1.5
    assert len(samples(records)) == (1 if turn else 0)


SOURCES = [ROOT / f"Sources/CTrackShim/nvml_{part}.c" for part in ("figures", "devices", "library")]
ODDITIES = {
    "well": ("pid 0 compute 1", "pid 1 graphics self"),
    "lost": ("lost 1 15",),
    "failing": ("fail 0 GetName 999", "fail 1 GetMemoryInfo_v2 13", "fail 0 GetPciInfo_v3 2", "fail 1 GetHandleByIndex_v2 28"),
}


@pytest.mark.parametrize("more", ODDITIES.values(), ids=ODDITIES)
def test_the_questions_under_sanitizers(more, programs, driver):
    flags = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", *map(str, SOURCES))
    asks = programs.binary("../gpu/asks_nvml.c", flags)
    environment = driver.says(FULL, *[{"temperature": 1, "name": "x" * 95}] * 79, more=more)
    environment |= {"PATH": os.environ["PATH"], "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([asks, driver.library, "3"], env=environment, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("80 12040") and len(done.stdout.splitlines()) == 1 + 3 * 64


# ---- What the program would notice ----


@pytest.mark.parametrize("before", ["1", "0"], ids=["first", "later"])
def test_a_program_that_asks_nvml_itself(before, lab: Lab, shim, driver):
    """Two file tables, one process: each has its own copy of the library, whose descriptor is in its own table."""
    settings = driver.says(FULL) | {"NVML": driver.library}
    _, records, _ = examine(lab, case(settings, "uses_nvml.c", ("{}", before)), shim)
    assert samples(records)[-1] == named(0), "and ours is not shut down with the program's"


# Hosts that look at what a thread, a descriptor, a mapping or a signal handler more would change.
NEIGHBOURS = (
    "fd_numbers", "few_fds", "closefrom", "close_range", "fork", "raw_clone", "exec", "pthread_exit", "pthread_exit_alone",
    "setuid_threads", "seccomp_kill", "own_malloc", "no_proc", "end-abort", "end-segv", "quick_exit",
    "not_dumpable", "address_space", "masks_and_limits",
)  # fmt: skip


# They count threads as CPython does when it forks, or what is left of the loader's space for thread-local variables.
NOTICE = ("fork_warning", "static_tls")
EVERYONE = os.environ.get("TRACKSHIM_MATRIX") == "all"


@pytest.mark.parametrize(
    "host",
    [c for c in CASES if c.name in NEIGHBOURS or (EVERYONE and c.name not in NOTICE and not known.find(c.name, c.kinds[0]))],
    ids=str,
)
def test_hosts_that_would_notice(host, lab: Lab, shim, driver):
    # `NVML` in their environment is nothing to them, but the environment is the same alone.
    settings = tuple(driver.says(FULL, FULL).items())
    host = replace(host, environment=(*host.environment, *settings))
    assert lab.examine(host, host.kinds[0], shim) == []


# Every way to end, while the thread is stuck in the driver.
ENDS = (
    "exec", "fork", "raw_clone", "pthread_exit", "quick_exit", "setuid_threads", "seccomp_kill", "closefrom",
    "end-return", "end-exit", "end-_exit", "end-abort", "end-segv", "end-sigterm", "end-sigkill", "end-exit_group",
)  # fmt: skip


@pytest.mark.parametrize("host", [c for c in CASES if c.name in ENDS], ids=str)
def test_hosts_that_end_while_the_driver_hangs(host, lab: Lab, shim, driver):
    settings = tuple(driver.says(FULL, more=("do hang GetUtilizationRates 0",)).items())
    host = replace(host, environment=(*host.environment, *settings))
    began = time.monotonic()
    assert lab.examine(host, "pipe", shim) == []
    assert time.monotonic() - began < 12


@pytest.mark.parametrize("lines", ["1", "5", "60"])
def test_a_program_that_ends_while_the_library_is_loaded(lines, lab: Lab, shim, driver):
    """exit() waits for the loader; then the library is not begun with, and its finalizer has nothing to wait for."""
    settings = driver.says(FULL, more=("do hang nvmlInit_v2 0",)) | {"FAKE_NVML_LOADS": "300"}
    _, records, took = examine(lab, case(settings, command=("{}", lines, "10")), shim)
    assert steps(records) == list(range(1, int(lines) + 1)) and took < 2


def test_what_nvml_loads_does_not_keep_the_program(lab: Lab, shim, driver, programs, tmp_path):
    folder = tmp_path / "cuda"
    folder.mkdir()
    shutil.copy(programs.guest("../gpu/fake_cuda.c"), folder / "libcuda.so.1")
    _, records, took = examine(lab, case(driver.says(FULL) | {"LD_LIBRARY_PATH": folder}), shim)
    assert samples(records)[-1] == named(0) and took < 60 * 0.010 + 1.5


def test_a_program_with_namespaces_of_its_own(lab: Lab, shim, driver):
    tracked, records, _ = examine(lab, case(driver.says(FULL), "namespaces.c", ("{}",)), shim)
    assert [note for note in notes_in(tracked.stderr) if "namespaces of the loader" in note] != []
    assert samples(records) == [] and steps(records) == list(range(1, 41))


def test_where_addresses_are_limited(lab: Lab, shim, driver):
    host = case(driver.says(FULL), command=("sh", "-c", "ulimit -v 4000000; exec {} 60 10"))
    tracked, records, _ = examine(lab, host, shim)
    assert [note for note in notes_in(tracked.stderr) if "ulimit -v" in note] != []
    assert samples(records) == [] and steps(records) == list(range(1, 61))


def test_a_malloc_that_keeps_something_for_each_thread(lab: Lab, shim, driver):
    """It has the first key of one libc and NVML the first of another, in one thread."""
    host = case(driver.says(FULL), preload=("{lib}", "keyed_guest"))
    _, records, _ = examine(lab, host, shim)
    assert samples(records)[-1] == named(0)


@pytest.mark.parametrize("source", ["pthread_exit.c", "pthread_exit_alone.c"])
def test_a_main_that_leaves(source, lab: Lab, shim, driver):
    """libc counts our thread for ever; the program ends by exit(0) all the same, and at once."""
    _, records, took = examine(lab, case(driver.says(FULL), source, ("{}",)), shim)
    # It lives for a moment only: the driver may not have been asked yet.
    assert all(sample == named(0) for sample in samples(records)) and took < 2


def test_space_for_thread_local_variables(lab: Lab, shim, driver):
    """A libc more takes 144 bytes of what the loader keeps for libraries that come later (docs/hazards.md)."""
    [host] = [case for case in CASES if case.name == "static_tls"]
    with_gpus = replace(host, environment=(*host.environment, *driver.says(FULL).items()))
    counts = []
    for outcome in lab.run(host, "pipe", None), lab.run(with_gpus, "pipe", shim):
        counts.append(int(next(line for line in outcome.stderr.split(b"\n") if b" libraries" in line).split()[0]))
    assert 0 < counts[0] - counts[1] <= 4, counts


def threads_of(process) -> set[str]:
    names = set()
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        names.add((task / "comm").read_text().strip())
    return names


def test_no_thread_where_there_is_no_driver(programs, shim, tmp_path, driver):
    if Path("/proc/driver/nvidia/version").exists() or Path("/dev/nvidiactl").exists():
        pytest.skip("a driver of NVIDIA's is here")
    online = Online(programs, shim, tmp_path, TRACKSHIM_MODE="offline")
    for settings, is_there in [({}, False), (driver.says(FULL), True)]:
        process = online.start("200", "10", source=STEADY, **settings)
        try:
            wait_for(lambda: "trackshim" in threads_of(process), 5, "the worker")
            time.sleep(0.7)
            assert ("trackshim-gpu" in threads_of(process)) == is_there
        finally:
            process.kill()
            process.communicate()


def size_of(process, field: str) -> int:
    line = next(line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) << 10


def test_the_memory_it_takes(programs, shim, tmp_path, driver):
    """Of the addresses twice 64 MiB are what the program's own malloc gives two threads more."""
    online = Online(programs, shim, tmp_path, TRACKSHIM_MODE="offline")
    sizes = []
    for settings in {"TRACKSHIM_STATS_INTERVAL": 0.1}, driver.says(FULL, FULL):
        process = online.start("300", "10", source=STEADY, **settings)
        try:
            wait_for(lambda: "trackshim" in threads_of(process), 5, "the worker")
            time.sleep(1)
            sizes.append([size_of(process, field) for field in ("VmSize", "VmRSS")])
        finally:
            process.kill()
            process.communicate()
    addresses, resident = (with_gpus - without for without, with_gpus in zip(*sizes, strict=True))
    print(f"{addresses >> 10} KiB of addresses, {resident >> 10} KiB resident")
    assert addresses < 140 << 20 and resident < 2 << 20


def test_its_files_are_in_a_table_of_its_own(programs, shim, tmp_path, driver):
    online = Online(programs, shim, tmp_path, TRACKSHIM_MODE="offline", **driver.says(FULL))
    process = online.start("300", "10", source=STEADY)
    try:
        wait_for(lambda: "trackshim-gpu" in threads_of(process), 5, "the thread")
        time.sleep(0.3)
        tables = {}
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            links = {link.name: os.readlink(link) for link in (task / "fd").iterdir()}
            tables[(task / "comm").read_text().strip()] = links
        ours = tables.pop("trackshim-gpu")
        assert [ours[number] for number in "012"] == ["/dev/null"] * 3
        assert any("fake-nvml" in target for target in ours.values())
        others = [target for table in tables.values() for target in table.values()]
        assert not any("fake-nvml" in target for target in others)
        assert any(".wandb" in target for target in tables["trackshim"].values())
        assert not any(".wandb" in target for target in ours.values())
    finally:
        process.kill()
        process.communicate()


def test_a_killed_program_is_completed(lab: Lab, shim, driver):
    host = case(driver.says(FULL), "trainer.c", ("{}", "60", "10", "kill@40"))
    alone, tracked = lab.alone(host, "pipe"), lab.run(host, "pipe", shim)
    assert differences(host, alone, tracked) == []
    [file] = journal.run_files(lab.track)
    recover(file)
    records = journal.records(file)
    assert samples(records) and steps(records) == list(range(1, 41))


def test_nobody_wants_figures(lab: Lab, shim, driver):
    tracked, records, _ = examine(lab, case(driver.says(FULL, interval=0)), shim)
    assert stats(records) == [] and len(notes_in(tracked.stderr)) == 2


@pytest.mark.parametrize("more", [(), ("do crash GetPowerUsage 2",), ("do hang GetPowerUsage 2",)], ids=["well", "crash", "hang"])
def test_beside_a_server(more, programs, shim, tmp_path, driver, stand_in):  # noqa: F811
    """Three threads of ours; what becomes of this one is nothing to the sending."""
    online = Online(programs, shim, tmp_path, stand_in, TRACKSHIM_UPLOAD_INTERVAL=0.1, **driver.says(FULL, more=more))
    ended = online.run(60, 10)
    assert ended.status == 0 and ended.took < 60 * 0.010 + 3
    assert [row["_step"] for row in stand_in.run().history] == list(range(1, 61))
    assert stand_in.run().state == "finished" and stand_in.violations == []
    assert samples(journal.records(ended.journal))[0] == named(0)
    metadata = json.loads(stand_in.run().files["wandb-metadata.json"])
    assert (metadata["gpu"], metadata["gpu_count"], metadata["cudaVersion"]) == (FULL["name"], 1, "12.4")
    assert metadata["gpu_nvidia"] == [
        {"name": FULL["name"], "memoryTotal": str(FULL["total"]), "cudaCores": FULL["cores"], "architecture": "Hopper",
         "uuid": FULL["uuid"], "pciBusId": FULL["bus"]}
    ]  # fmt: skip


THEIRS = """
import time, wandb
run = wandb.init(project="test", mode="offline", settings=wandb.Settings(x_stats_sampling_interval=0.3))
time.sleep(1)
run.finish()
"""


def theirs(library: Path, settings: dict, folder: Path) -> list:
    """The records of W&B's client, of the same driver."""
    folder.mkdir()
    shutil.copy(library, folder / "libnvidia-ml.so.1")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LD_LIBRARY_PATH": str(folder)} | settings
    words = [sys.executable, "-c", textwrap.dedent(THEIRS)]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    [file] = folder.glob("wandb/offline-run-*/*.wandb")
    return journal.records(file)


def merged_environment(records):
    found = [record.environment for record in records if record.WhichOneof("record_type") == "environment"]
    for later in found[1:]:
        found[0].MergeFrom(later)
    return found[0]


def test_the_official_client_says_the_same(lab: Lab, shim, driver, tmp_path):
    """Names, units and values, and what the GPUs are: all that it knows of them and nothing else."""
    second = {"name": "NVIDIA T4", "architecture": 6, "total": 16106127360, "used": 7, "utilization": 3, "power": 9999}
    settings = driver.says(FULL, second)
    official = list(theirs(driver.library, settings, tmp_path / "theirs"))
    _, records, _ = examine(lab, case(settings), shim)
    other = {name: value for name, value in samples(official)[-1].items() if name.startswith("gpu.")}
    assert other.keys() == samples(records)[-1].keys() and len(other) > 16
    assert samples(records)[-1] == pytest.approx(other, rel=1e-12)
    mine, other = merged_environment(records), merged_environment(official)
    for field in ("gpu_type", "gpu_count", "cuda_version", "gpu_nvidia"):
        assert getattr(mine, field) == getattr(other, field), field


def test_the_document_names_every_figure():
    text = (ROOT / "docs/gpus.md").read_text()
    missing = [name for name in named(0) if f"`{name.split('.', 2)[2]}`" not in text]
    assert missing == []
