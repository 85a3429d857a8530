"""What fd 1 is, and what becomes of it; calls that write to it in other ways."""

from ..case import CHECKPOINT, ELSEWHERE, c

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
    c("fd_numbers-none-open", source="fd_numbers.c", command=("sh", "-c", "exec {} <&- >&- 2>&-"), kinds=("closed",)),
    c("alias"),
    c("few_fds"),
    c("nonblocking", optional=ELSEWHERE),
    c("sigpipe", optional=ELSEWHERE, recovers=True),
]

SYSTEM_CALLS = [
    c("syscall_function"),
    c("errno"),
    c("bad_pointer"),
    c("kernel_copy", kinds=("pipe", "file", "terminal", "closed", "full")),
    c("splice_pipe", optional=ELSEWHERE),
    c("sockets"),
    c("interrupted_write", optional=ELSEWHERE),
]
