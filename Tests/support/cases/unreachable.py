"""Programs that no library can reach: they run as alone, and nothing is recorded."""

from ..case import Case, c

UNREACHABLE = [
    c("static", "-static", source="printf.c", runs=0),
    c("static-pie", "-static-pie", source="printf.c", runs=0),
    Case("go", "print.go", runs=0),
    c("direct_syscall", runs=0),
    c("io_uring", runs=0),
    c("set-uid", source="printf.c", command=("bash", "{hosts}/setuid_copy.sh", "{}"), needs=("root",), runs=0),
]
