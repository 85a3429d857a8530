"""Ways in which a program ends."""

from ..case import Case


def ending(name: str, how: str, *flags: str, **rest) -> Case:
    return Case(f"end-{name}", "ends.c", (f"-DEND={how}", *flags), **rest)


ENDINGS = [
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
