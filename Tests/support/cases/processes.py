"""Children, other programs in the process's place, and the words in front of a program."""

from ..case import CHILD, NO_DEVICE, Case, c

PROCESSES = [
    c("fork", foreign=CHILD),
    c("fork_at_once", foreign=CHILD),
    c("fork_buffered", duplicates=True),
    c("fork_exits"),
    c("vfork_exec", foreign=CHILD),
    c("posix_spawn", foreign=CHILD),
    c("system", foreign=CHILD),
    c("exec", foreign=CHILD, loses_text=True, exit_code=-1),
    c("exec-launcher", source="exec_first.c", command=("{}", "{puts.c}"), optional=CHILD),
    # Nothing waits for the worker at this end, so it is given time.
    c("daemon", foreign=CHILD, recovers=True, environment=(("SETTLE_MS", "500"),)),
    c("daemon-at-once", "-DAT_ONCE", source="daemon.c", runs=0),
    c("raw_clone", foreign=CHILD),
    c("raw_clone-shared", "-DSHARED", source="raw_clone.c", foreign=CHILD),
    c("fork_warning", "-rdynamic"),
    # strace makes fork so slow that it never ends between two signals.
    c("spawn_under_signals", same_calls=False),
]


def wrapped(name: str, *command: str, **rest) -> Case:
    rest = {"source": "printf.c", "kinds": NO_DEVICE, "exit_code": 0} | rest
    return Case(f"wrapped-{name}", command=command, **rest)


WRAPPERS = [
    # What tee reads at once is chance.
    wrapped("env", "env", "X=1", "{}"),
    wrapped("sh", "sh", "-c", "{}; true"),
    wrapped("sh-exec", "sh", "-c", "exec {}"),
    wrapped("bash", "bash", "-c", "{}; exit 3"),
    wrapped("timeout", "timeout", "10", "{}"),
    wrapped("nohup", "nohup", "{}", kinds=("pipe", "file")),
    wrapped("nice-env-timeout", "nice", "env", "X=1", "timeout", "10", "{}"),
    wrapped("tee", "sh", "-c", "{} | tee copy.txt", same_calls=False),
    wrapped("tee-and-cat", "bash", "-c", "{} | tee copy.txt | cat; exit ${PIPESTATUS[0]}", same_calls=False),
    wrapped("grep", "sh", "-c", "{} | tee copy.txt | grep --line-buffered step", same_calls=False),
    wrapped("setsid", "setsid", "-w", "{}"),
    wrapped("stdbuf-line", "stdbuf", "-oL", "{}"),
    wrapped("stdbuf-none", "stdbuf", "-o0", "{}"),
    wrapped(
        "script", "script", "-qec", "{} 2>/dev/null", "/dev/null",
        kinds=("pipe",), needs=("script",), same_calls=False,
    ),
    wrapped("tmux", "bash", "{hosts}/in_tmux.sh", "{}", kinds=("pipe",), needs=("tmux",), same_calls=False),
    wrapped("job-script", "sh", "{hosts}/job.sh", "{}", kinds=("pipe",), foreign="(the )?job ", same_calls=False),
    # sudo drops LD_PRELOAD, so what it starts is not recorded, unless it is given again.
    wrapped("sudo", "sh", "{hosts}/by_sudo.sh", "{}", kinds=("pipe",), needs=("sudo",), runs=0),
    wrapped(
        "sudo-env", "sh", "-c", "sh {hosts}/by_sudo.sh env TRACKSHIM_DIR=$TRACKSHIM_DIR LD_PRELOAD=$LD_PRELOAD {}",
        kinds=("pipe",), needs=("sudo",), same_calls=False,
    ),  # fmt: skip
    wrapped(
        "mpirun", "mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "4", "{}",
        source="fputs.c", kinds=("pipe", "file"), needs=("mpirun",), runs=4, unordered=True, same_calls=False,
        environment=(("TRACKSHIM_RANKS", "all"),),
    ),  # fmt: skip
]
