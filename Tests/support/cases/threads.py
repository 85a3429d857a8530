"""Threads, signals, and what is told to one thread and meant for all."""

from ..case import CHILD, NO_DEVICE, NOT_SMALL, c

# What parent and child print alike, and what only children do.
OF_CHILDREN = CHILD + r"|set |handler"

THREADS = [
    c("threads_printf", unordered=True, kinds=NOT_SMALL),
    c("threads_write", unordered=True, kinds=NOT_SMALL),
    # Not a terminal: it takes an interrupted line in two parts.
    c("signal_writer", unordered=True, kinds=("pipe", "file", "null", "closed", "full"), same_calls=False),
    c("sigint_handler"),
    c("signal_waiter", unordered=True),
    c("fault_handlers", kinds=NO_DEVICE, optional=OF_CHILDREN, same_calls=False),
    c(
        "fault_handlers-after", "-DAFTER", source="fault_handlers.c", kinds=NO_DEVICE, optional=OF_CHILDREN,
        same_calls=False,
    ),  # fmt: skip
    c("pthread_exit"),
    c("pthread_exit_alone"),
    c("cancel", same_calls=False),
    c("small_stack"),
    c("small_stack-first", "-DFIRST", source="small_stack.c"),
    c("setuid_threads", needs=("root",)),
]
