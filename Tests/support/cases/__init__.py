"""The table of hosts: what each is made from, where its output goes, what its record must hold."""

from ..case import CHECKPOINT, CHILD, ELSEWHERE, NO_DEVICE, NOT_SMALL, Case, c

STDIO = [
    c("printf-O0", "-O0", source="printf.c"),
    c("printf-O2", "-O2", source="printf.c"),
    c("printf-fortified", "-O2", "-D_FORTIFY_SOURCE=2", source="printf.c"),
    c("printf-no-pie", "-no-pie", source="printf.c"),
    c("printf-bind-now", "-Wl,-z,now", source="printf.c"),
    c("printf-static", "-static", source="printf.c", runs=0),
    c("puts"),
    c("putchar", "-O2"),
    c("putchar-unlocked", "-O2", "-DUNLOCKED", source="putchar.c"),
    c("fputs"),
    c("fwrite"),
    c("second_file"),
    c("dprintf"),
    c("dprintf-fortified", "-O2", "-D_FORTIFY_SOURCE=2", source="dprintf.c"),
    c("write"),
    c("writev"),
    c("pwrite", kinds=("file",)),
    c("pwrite-refused", source="pwrite.c", kinds=("pipe", "terminal"), runs=0),
    c("setvbuf-full", "-DMODE=_IOFBF", source="setvbuf.c"),
    c("setvbuf-line", "-DMODE=_IOLBF", source="setvbuf.c"),
    c("setvbuf-none", "-DMODE=_IONBF", source="setvbuf.c"),
    c("setvbuf-own", "-DMODE=_IOFBF", "-DOWN", source="setvbuf.c"),
    c("setvbuf_midway"),
    c("wide"),
    c("mixed"),
    c("stderr_metrics"),
    c("constructor"),
    c("last_write"),
]

TEXT = [
    c("silent", runs=0),
    c("no_metric", runs=0),
    c("odd_text", optional="progress"),
    c("long_line", shortened=True, kinds=NOT_SMALL),
    c("many_lines", kinds=("pipe", "file")),
]

CPLUSPLUS = [
    Case("cout-synced", "cout.cpp"),
    Case("cout-unsynced", "cout.cpp", ("-DUNSYNCED",)),
    Case("cout-static-libstdc++", "cout.cpp", ("-static-libstdc++", "-static-libgcc")),
    Case("cerr", "cerr.cpp"),
    Case("cerr-pieces", "cerr.cpp", ("-DPIECES",), notes_anywhere=True),
    Case("uncaught-exception", "throw.cpp", loses_text=True),
]

OTHER_LANGUAGES = [
    Case("python", "print.py"),
    Case("python-processes", "processes.py", foreign=CHILD),
    Case("python-interrupted", "interrupted.py"),
    Case("perl", "print.pl"),
    # It writes its environment to a pipe: longer by our name.
    Case("bash", "echo.sh", runs=0, same_calls=False),
    # Not /dev/full: Rust panics there and names its thread by number.
    Case("rust", "println.rs", kinds=("pipe", "file", "terminal", "null", "closed")),
]

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
]

THREADS = [
    c("threads_printf", unordered=True, kinds=NOT_SMALL),
    c("threads_write", unordered=True, kinds=NOT_SMALL),
    # Not a terminal: it takes an interrupted line in two parts.
    c("signal_writer", unordered=True, kinds=("pipe", "file", "null", "closed", "full")),
    c("sigint_handler"),
    c("pthread_exit"),
    c("pthread_exit_alone"),
    c("cancel", same_calls=False),
]


def ending(name: str, how: str, *flags: str, **rest) -> Case:
    return Case(f"end-{name}", "ends.c", (f"-DEND={how}", *flags), **rest)


ENDS = [
    ending("return", "return 6"),
    ending("exit", "exit(7)"),
    ending("exit-in-atexit", "exit(7)", "-DEXIT_AGAIN"),
    ending("_exit", "_exit(8)", loses_text=True),
    ending("_Exit", "_Exit(8)", loses_text=True),
    ending("quick_exit", "quick_exit(8)", loses_text=True),
    ending("abort", "abort()", loses_text=True),
    ending("assert", "assert(0)", loses_text=True),
    ending("abort-settled", "abort()", "-DSETTLE", loses_text=True),
    ending("segv", "raise(SIGSEGV)", "-DSETTLE", loses_text=True, recovers=True),
    ending("fault", "*(volatile int *)8 = 1", "-DSETTLE", loses_text=True, recovers=True),
    ending("sigterm", "kill(getpid(), SIGTERM)", "-DSETTLE", loses_text=True, recovers=True),
    ending("sigkill", "kill(getpid(), SIGKILL)", "-DSETTLE", loses_text=True, recovers=True),
    ending("exit_group", "syscall(SYS_exit_group, 8)", "-DSETTLE", loses_text=True, recovers=True),
]

DESCRIPTORS = [
    c("closefrom", source="closes_all_fds.c"),
    c("close_range", "-DRANGE", source="closes_all_fds.c"),
    c("closed_before_output"),
    c("file_becomes_fd1", foreign=CHECKPOINT),
    c("file_becomes_fd1-claimed", "-DAFTER_CLAIM", source="file_becomes_fd1.c", foreign=CHECKPOINT),
    c("stderr_becomes_file", foreign=CHECKPOINT),
    c("dup2_midway", optional=ELSEWHERE),
    c("freopen_midway", optional=ELSEWHERE),
    c("fclose_stdout", foreign=CHECKPOINT),
    c("purge", optional="PURGED"),
    c("fd_numbers"),
    c("few_fds"),
    c("nonblocking", optional=ELSEWHERE),
    c("sigpipe", optional=ELSEWHERE, recovers=True),
]

SYSTEM_CALLS = [
    c("errno"),
    c("bad_pointer"),
    c("kernel_copy", kinds=("pipe", "file", "terminal", "closed", "full")),
    c("splice_pipe", optional=ELSEWHERE),
    c("sockets"),
]

SURROUNDINGS = [
    c("chdir"),
    c("chdir-relative-dir", source="chdir.c", environment=(("TRACKSHIM_DIR", "../track"),)),
    c("environment", preload=("other_guest", "{lib}"), foreign=CHILD + "|sed:"),
    c("environment-other-order", source="environment.c", preload=("{lib}", "other_guest"), foreign=CHILD + "|sed:"),
    c("masks_and_limits"),
    # The loader starts preloaded libraries from the last to the first.
    c("early-guest-after-ours", source="printf.c", preload=("early_guest", "{lib}")),
    c("early-guest-before-ours", source="printf.c", preload=("{lib}", "early_guest"), optional="early"),
]


def wrapped(name: str, *command: str, **rest) -> Case:
    rest = {"kinds": NO_DEVICE, "exit_code": 0} | rest
    return Case(f"wrapped-{name}", "printf.c", command=command, **rest)


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
]

CASES = (
    STDIO + TEXT + CPLUSPLUS + OTHER_LANGUAGES + PROCESSES + THREADS + ENDS + DESCRIPTORS
    + SYSTEM_CALLS + SURROUNDINGS + WRAPPERS
)
