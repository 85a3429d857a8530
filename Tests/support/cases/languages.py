"""Programs in other languages, with a runtime of their own."""

from ..case import CHILD, NO_DEVICE, Case

LANGUAGES = [
    Case("python", "print.py"),
    Case("python-processes", "processes.py", foreign=CHILD),
    Case("python-interrupted", "interrupted.py"),
    Case("numpy", "with_numpy.py", kinds=NO_DEVICE, needs=("python:numpy",)),
    Case("torch", "with_torch.py", kinds=("pipe", "file"), needs=("python:torch",)),
    Case("perl", "print.pl"),
    Case("ruby", "print.rb"),
    # It writes its environment to a pipe: longer by our name.
    Case("bash", "echo.sh", runs=0, same_calls=False),
    Case("coreutils", "coreutils.sh", runs=0, same_calls=False),
    # Neither /dev/full nor a small disk: Rust panics there and names its thread by number.
    Case("rust", "println.rs", kinds=("pipe", "file", "terminal", "null", "closed")),
    Case("fortran", "print.f90"),
    Case("swift", "print.swift"),
    Case("swift-static", "print.swift", ("-static-stdlib",), kinds=("pipe",)),
    # Not a small disk: node has a thread that writes on.
    Case("node", "print.js", kinds=NO_DEVICE),
    # It starts slowly, under strace more so.
    Case("java", "Print.java", kinds=("pipe", "file"), same_calls=False),
]
