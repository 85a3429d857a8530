// Bytes went to fd 1 or fd 2: the engine's only entrance on host threads.
//
// Everything here is on the capture path: it does not allocate, lock, wait or touch errno, except once,
// at the first output, when the ring is mapped and the worker started (worker.c).
#ifndef TSI_TAP_H
#define TSI_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/uio.h>

#include "include/ctrackshim.h"

// Where a process stands. It only ever moves forward: asleep -> starting -> awake, or to off.
enum { TSI_ASLEEP, TSI_STARTING, TSI_AWAKE, TSI_OFF };

// Called by the constructor, when nothing else runs yet. The engine does nothing before.
void tsi_tap_load(void);
// A descriptor means a stream while the program left it alone: after close(1) the number belongs to
// whatever the program opens next, perhaps a checkpoint; after dup2(x, 1) it is standard output again.
void tsi_tap_descriptor_closed(int fd);
void tsi_tap_descriptor_replaced(int fd);

static inline bool tsi_tap_is_stream(int fd) { return fd == 1 || fd == 2; }

// `size` bytes were written to `fd` by a system call of the program.
void tsi_tap_written(int fd, const void *bytes, size_t size);
void tsi_tap_written_vector(int fd, const struct iovec *parts, int count, size_t size);
// Around a call that writes to the descriptor and may wait: a note does not come between. True where there are notes,
// and this is what they are written to: the end is to be told then. A thread that is cancelled in the call leaves notes
// to wait for as long as they do at most.
bool tsi_tap_write_begins(int fd);
void tsi_tap_write_ends(bool has_begun);
// stdio wrote the first `written` of `size` bytes for a FILE.
void tsi_tap_file_written(FILE *file, const void *bytes, size_t size, size_t written);
// stdout has got a buffer: something is about to be printed, and perhaps not flushed for long.
void tsi_tap_stdio_begins(void);
// True when `fd` is what the program had as its stderr, and not a file that got that number later.
bool tsi_tap_is_programs_stderr(int fd);
// Bytes that went to a stream and cannot be read again.
void tsi_tap_unseen(int fd, size_t size);

// True in the process that was loaded, false in its forked children, which are dark.
bool tsi_tap_is_awake(void);
// Producers fill the run's own ring, which outlives the process.
bool tsi_tap_has_runs_ring(void);
// Nothing was printed yet.
bool tsi_tap_is_asleep(void);
// The same for children that share the memory (vfork): asks the kernel.
bool tsi_tap_is_own_process(void);

#endif
