"""Where a program runs: directory, environment, limits, sandboxes, what is missing on the machine."""

from ..case import CHILD, LOST, NO_DEVICE, Case, c

SURROUNDINGS = [
    c("chdir"),
    c("chdir-relative-dir", source="chdir.c", environment=(("TRACKSHIM_DIR", "../track"),)),
    c("environment", preload=("other_guest", "{lib}"), foreign=CHILD + "|sed:"),
    c("environment-other-order", source="environment.c", preload=("{lib}", "other_guest"), foreign=CHILD + "|sed:"),
    c("masks_and_limits"),
    # The loader starts preloaded libraries from the last to the first.
    c("early-guest-after-ours", source="printf.c", preload=("early_guest", "{lib}")),
    c("early-guest-before-ours", source="printf.c", preload=("{lib}", "early_guest"), optional="early"),
    c("removed_directory"),
    c("no_environment"),
    c("no_environment-at-once", "-DAT_ONCE", source="no_environment.c"),
    c("not_dumpable"),
    c("chroot", source="change_root.c", needs=("root",)),
    c("chroot-at-once", "-DAT_ONCE", source="change_root.c", needs=("root",), runs=0),
    c("static_tls", command=("{}", "{guest:static_tls_library}")),
]

LIMITS = [
    c("address_space"),
    # There is no room for the ring.
    c("address_space-at-once", "-DAT_ONCE", source="address_space.c", runs=0),
    c("thread_limit"),
    c("thread_limit-at-once", "-DAT_ONCE", source="thread_limit.c", runs=0),
    c("ulimit-v", source="printf.c", command=("sh", "-c", "ulimit -v 100000; exec {}"), kinds=NO_DEVICE),
    c("own_malloc", optional=LOST),
    c("seccomp_errno"),
    c("seccomp_errno-at-once", "-DAT_ONCE", source="seccomp_errno.c", runs=0),
    # Its worker has gone by then: what the ring took is put into the journal by the next command. What goes to a memory
    # device cannot be read without a call that kills.
    c(
        "seccomp_kill", recovers=True, optional=LOST,
        kinds=("pipe", "file", "terminal", "closed", "full", "small"),
    ),  # fmt: skip
    c("seccomp_kill-at-once", "-DAT_ONCE", source="seccomp_kill.c", runs=0),
]


def mounted(name: str, **rest) -> Case:
    return c(name, source="printf.c", command=("bash", "{hosts}/mounts.sh", name, "{}"), kinds=NO_DEVICE, **rest)


MOUNTS = [
    mounted("no_shm"),
    mounted("full_shm"),
    mounted("no_proc"),
    mounted("read_only", runs=0),
]
