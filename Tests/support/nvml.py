"""GPUs for tests: the stand-in for NVIDIA's library (Tests/gpu/fake_nvml.c), its scripts, and what must come of them."""

import json

# What a script says of a GPU that has everything, and what W&B calls it (docs/gpus.md).
FULL = {
    "name": "NVIDIA H100 80GB HBM3", "uuid": "GPU-7f3c4d9a-0001", "bus": "00000000:1B:00.0",
    "cores": 16896, "architecture": 9,
    "utilization": 37, "memoryUtilization": 12,
    "total": 85520809984, "used": 21474836480, "reserved": 536870912,
    "temperature": 61, "power": 351234, "powerLimit": 700000,
    "clockSM": 1755, "clockMemory": 2619, "corrected": 3, "uncorrected": 0, "fan": 44,
}  # fmt: skip
FIGURES = {
    "gpu": 37, "memory": 12, "memoryAllocated": 21474836480 / 85520809984 * 100, "memoryAllocatedBytes": 21474836480,
    "temp": 61, "powerWatts": 351.234, "enforcedPowerLimitWatts": 700, "powerPercent": 351234 / 700000 * 100,
    "smClock": 1755, "memoryClock": 2619, "correctedMemoryErrors": 3, "uncorrectedMemoryErrors": 0, "fanSpeed": 44,
}  # fmt: skip
OF_PROCESS = (
    "gpu", "memory", "memoryAllocated", "memoryAllocatedBytes", "temp", "powerWatts", "enforcedPowerLimitWatts",
    "powerPercent",
)  # fmt: skip


def script(*gpus: dict, more: tuple[str, ...] = ()) -> str:
    lines = [f"gpus {len(gpus)}", "cuda 12040"]
    for number, gpu in enumerate(gpus):
        lines += [f"set {number} {what} {value}" for what, value in gpu.items()]
    return "\n".join([*lines, *more]) + "\n"


def named(number: int, process: bool = False, **changed) -> dict:
    """The full GPU's figures under their names; a figure that is None is absent."""
    figures = {name: value for name, value in (FIGURES | changed).items() if value is not None}
    found = {f"gpu.{number}.{name}": value for name, value in figures.items()}
    if process:
        found |= {f"gpu.process.{number}.{name}": figures[name] for name in OF_PROCESS if name in figures}
    return found


class Driver:
    """The stand-in with one script, as settings of a host."""

    def __init__(self, programs, folder, flags: tuple[str, ...] = ()):
        self.library = programs.guest("../gpu/fake_nvml.c", flags)
        self._script = folder / "gpus.txt"

    def says(self, *gpus: dict, more: tuple[str, ...] = (), interval: float = 0.1) -> dict[str, str]:
        self._script.write_text(script(*gpus, more=more))
        return {
            "TRACKSHIM_NVML": str(self.library), "FAKE_NVML": str(self._script),
            # Whatever cards of AMD's this machine has are no part of it.
            "TRACKSHIM_SYSFS": str(self._script.with_name("no-sysfs")),
            "TRACKSHIM_STATS_INTERVAL": str(interval),
        }  # fmt: skip


def stats(records) -> list:
    """The records with figures of GPUs, which have none of the machine's other ones."""
    found = [record.stats for record in records if record.WhichOneof("record_type") == "stats"]
    return [record for record in found if record.item[0].key.startswith("gpu.")]


def samples(records) -> list[dict]:
    """The GPU figures of each sample, by name."""
    return [{item.key: json.loads(item.value_json) for item in record.item} for record in stats(records)]
