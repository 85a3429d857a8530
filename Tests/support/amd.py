"""Cards of AMD's for tests: a folder that stands for /sys, with what the kernel's driver writes there, and what must come
of it."""

import os
import shutil
from pathlib import Path

# A card that has everything, of the kind that says its average power. Files below `hwmon/` are its sensors'.
FULL = {
    "vendor": "0x1002", "device": "0x740c", "power/runtime_status": "active",
    "gpu_busy_percent": 37, "mem_busy_percent": 12, "pp_sclk_od": 0, "pp_mclk_od": 5,
    "mem_info_vram_total": 68702699520, "mem_info_vram_used": 17179869184,
    "unique_id": "719d230578348e8c", "vbios_version": "113-D65209-073", "power_dpm_force_performance_level": "auto",
    "product_name": "AMD INSTINCT MI250 (MCM) OAM AC MBA",
    "hwmon/name": "amdgpu", "hwmon/temp1_label": "edge", "hwmon/temp1_input": 35000, "hwmon/temp2_label": "junction",
    "hwmon/temp2_input": 39000, "hwmon/temp3_label": "mem", "hwmon/temp3_input": 43000,
    "hwmon/power1_average": 89123000, "hwmon/power1_cap": 560000000,
}  # fmt: skip
FIGURES = {
    "gpu": 37, "memoryAllocated": 17179869184 / 68702699520 * 100, "memoryReadWriteActivity": 12, "memoryOverDrive": 5,
    "temp": 43, "powerWatts": 89.123, "powerPercent": 89123000 / 560000000 * 100,
}  # fmt: skip
DESCRIPTION = {
    "uniqueId": "0x719d230578348e8c", "vbiosVersion": "113-D65209-073", "performanceLevel": "auto", "gpuOverdrive": "0",
    "gpuMemoryOverdrive": "5", "maxPower": "560.0", "series": "AMD INSTINCT MI250 (MCM) OAM AC MBA", "model": "0x740c",
    "vendor": "Advanced Micro Devices, Inc. [AMD/ATI]", "sku": "D65209",
}  # fmt: skip

NODE = (
    "domain", "hive_id", "simd_arrays_per_engine", "array_count", "simd_count", "cu_per_simd_array", "simd_per_cu",
    "gfx_target_version", "drm_render_minor", "io_links_count",
)  # fmt: skip


def named(number: int, **changed) -> dict:
    """The full card's figures under their names; a figure that is None is absent."""
    figures = {name: value for name, value in (FIGURES | changed).items() if value is not None}
    return {f"gpu.{number}.{name}": value for name, value in figures.items()}


class Card:
    def __init__(self, folder: Path, monitor: int):
        self.folder = folder
        self._monitor = f"hwmon/hwmon{monitor}/"

    def path(self, name: str) -> Path:
        return self.folder / name.replace("hwmon/", self._monitor, 1)

    def write(self, name: str, value) -> None:
        """As a whole, so that nobody reads half of it; None: the file is not there."""
        path = self.path(name)
        if value is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(value if isinstance(value, bytes) else f"{value}\n".encode())
        new.rename(path)

    def hang(self, name: str, kept: Path) -> None:
        """Who reads it waits, until somebody writes into `kept`."""
        os.mkfifo(kept)
        path = self.path(name)
        new = path.with_name(path.name + ".new")
        os.link(kept, new)
        new.rename(path)

    def vanish(self) -> None:
        self.write("vendor", None)
        shutil.rmtree(self.folder)


class Tree:
    """Stands for /sys."""

    def __init__(self, folder: Path):
        self.root = folder
        self._drm = folder / "class/drm"
        self._drm.mkdir(parents=True)
        (self._drm / "version").write_text("drm 1.1.0 20060810\n")

    def card(self, number: int, address: str, **changed) -> Card:
        """`changed`: as in FULL, with `__` for `/`."""
        device = self.root / f"devices/pci0000:00/{address}"
        entry = device / f"drm/card{number}"
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(f"../../../{address}")
        self.link(f"card{number}", entry)
        card = Card(device, number + 2)
        for name, value in (FULL | {name.replace("__", "/"): value for name, value in changed.items()}).items():
            card.write(name, value)
        return card

    def link(self, name: str, entry: Path) -> None:
        (self._drm / name).symlink_to(f"../../{entry.relative_to(self.root)}")

    def computes(self) -> None:
        """What ROCm's library wants to see besides: the driver, and a node of the kernel's for each card."""
        (self.root / "module/amdgpu").mkdir(parents=True)
        (self.root / "module/amdgpu/initstate").write_text("live\n")
        for number, entry in enumerate([None, *sorted(self._drm.glob("card*"))]):
            node = self.root / f"class/kfd/kfd/topology/nodes/{number}"
            (node / "io_links").mkdir(parents=True)
            place = identity = "0"
            if entry:
                device = (entry / "device").resolve()
                bus, unique = device.name.split(":")[1], device / "unique_id"
                place = str(int(bus, 16) << 8)
                identity = str(int(unique.read_text(), 16)) if unique.exists() else "0"
                for name in "subsystem_vendor", "subsystem_device", "revision":
                    (device / name).write_text("0x1002\n")
            known = {"location_id": place, "unique_id": identity} | {name: "0" for name in NODE}
            (node / "properties").write_text("".join(f"{name} {value}\n" for name, value in known.items()))
            (node / "gpu_id").write_text(f"{number}\n")
            (node / "name").write_text("card\n")

    def says(self, interval: float = 0.1) -> dict[str, str]:
        return {"TRACKSHIM_SYSFS": str(self.root), "TRACKSHIM_STATS_INTERVAL": str(interval)}
