"""Threads, signals, and what is told to one thread and meant for all."""

from ..case import NOT_SMALL, c

THREADS = [
    c("threads_printf", unordered=True, kinds=NOT_SMALL),
    c("threads_write", unordered=True, kinds=NOT_SMALL),
    # Not a terminal: it takes an interrupted line in two parts.
    c("signal_writer", unordered=True, kinds=("pipe", "file", "null", "closed", "full")),
    c("sigint_handler"),
    c("pthread_exit"),
    c("pthread_exit_alone"),
    c("cancel", same_calls=False),
    c("small_stack"),
    c("small_stack-first", "-DFIRST", source="small_stack.c"),
    c("setuid_threads", needs=("root",)),
]
