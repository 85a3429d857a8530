"""Ways to print, and text that is not what a trainer prints."""

from ..case import ELSEWHERE, LOST, NOT_SMALL, Case, c

STDIO = [
    c("printf-O0", "-O0", source="printf.c"),
    c("printf-O2", "-O2", source="printf.c"),
    c("printf-fortified", "-O2", "-D_FORTIFY_SOURCE=2", source="printf.c"),
    c("printf-no-pie", "-no-pie", source="printf.c"),
    c("printf-bind-now", "-Wl,-z,now", source="printf.c"),
    c("puts"),
    c("putchar", "-O2"),
    c("putchar-unlocked", "-O2", "-DUNLOCKED", source="putchar.c"),
    c("fputs"),
    c("fwrite"),
    c("second_file"),
    c("dprintf"),
    c("dprintf-fortified", "-O2", "-D_FORTIFY_SOURCE=2", source="dprintf.c"),
    c("dprintf_texts", optional=LOST),
    c("dprintf_texts-fortified", "-O2", "-D_FORTIFY_SOURCE=2", source="dprintf_texts.c", optional=LOST),
    c("dprintf_blocked", optional=f"{LOST}|{ELSEWHERE}"),
    c("libc_messages", optional=LOST),
    c("libc_messages-readable", "-DREADABLE", source="libc_messages.c", optional=LOST),
    c("libc_messages-wide", "-DWIDE", source="libc_messages.c", optional=LOST),
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
    Case("wcout-synced", "wcout.cpp"),
    Case("wcout-unsynced", "wcout.cpp", ("-DUNSYNCED",)),
    Case("fmt", "fmt_print.cpp", needs=("/usr/include/fmt/core.h",)),
]
