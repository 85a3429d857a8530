"""Other guests in the process: preloaded libraries, sanitizers, a debugger."""

from ..case import NO_DEVICE, Case, c


def beside(name: str, library: str, **rest) -> list[Case]:
    """A library that others preload, in front of ours and behind it."""
    return [
        c(f"{name}-before", source="fork.c", preload=(library, "{lib}"), foreign="child|step +900/", **rest),
        c(f"{name}-after", source="threads_printf.c", preload=("{lib}", library), unordered=True, **rest),
    ]


def sanitized(name: str, *flags: str, source: str = "threads_printf.c", **rest) -> Case:
    return Case(name, source, flags, kinds=("pipe", "file"), unordered=True, same_calls=False, **rest)


ASAN = "-fsanitize=address"
TSAN = "-fsanitize=thread"
# Beside the folder the host runs in. Not /dev/null: heaptrack locks it, and complains where another has.
QUIET_HEAPTRACK = (("DUMP_HEAPTRACK_OUTPUT", "../heaptrack"),)

PRELOADS = [
    c(
        "descriptor_guest", source="allocating.c", preload=("descriptor_guest", "{lib}"), kinds=("pipe",),
        same_calls=False,
    ),  # fmt: skip
    *beside("jemalloc", "/usr/lib/*/libjemalloc.so.2", kinds=NO_DEVICE),
    *beside("tcmalloc", "/usr/lib/*/libtcmalloc_minimal.so.4", kinds=NO_DEVICE),
    *beside("faketime", "/usr/lib/*/faketime/libfaketimeMT.so.1", kinds=NO_DEVICE, environment=(("FAKETIME", "+3d"),)),
    *beside(
        "heaptrack", "/usr/lib/heaptrack/libheaptrack_preload.so", kinds=("pipe", "file"), environment=QUIET_HEAPTRACK,
        same_calls=False,
    ),  # fmt: skip
]

SANITIZERS = [
    sanitized("asan", ASAN),
    sanitized("asan-static", ASAN, "-static-libasan"),
    sanitized("asan-unordered-libraries", ASAN, environment=(("ASAN_OPTIONS", "verify_asan_link_order=0"),)),
    sanitized("asan-preloaded", ASAN, preload=("/usr/lib/gcc/*/*/libasan.so", "{lib}")),
    # Without address randomisation: gcc 12's TSan does not know the layouts of newer kernels.
    sanitized("tsan", TSAN, command=("setarch", "-R", "{}")),
    sanitized("tsan-static", TSAN, "-static-libtsan", command=("setarch", "-R", "{}")),
    sanitized("ubsan", "-fsanitize=undefined"),
]

# What gdb says names process ids; the program has stdout and stderr for itself.
GDB = "gdb -q -nx -batch -ex 'run >&3 2>&4' --args {} 3>&1 4>&2 >/dev/null 2>&1"

DEBUGGERS = [
    Case("gdb", "puts.c", command=("sh", "-c", GDB), kinds=("pipe",), needs=("gdb",), same_calls=False),
    c(
        "gdb-attached", "-DEND=return 6", "-DSETTLE", source="ends.c", kinds=("pipe",), needs=("gdb",),
        command=("bash", "{hosts}/gdb_attach.sh", "{}"), same_calls=False,
    ),
]
