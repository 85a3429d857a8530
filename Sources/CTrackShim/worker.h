// The worker: one detached thread that the host should not notice. It blocks the host's signals, has a
// file table of its own (so that neither can touch the other's descriptors) and runs the Swift core.
#ifndef TSI_WORKER_H
#define TSI_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "include/ctrackshim.h"

// The core's main function, and what is to follow the worker's start on the thread that started it; set by
// the constructor. Without a main function no worker starts.
void tsi_worker_set_main(void (*main)(void), void (*after_start)(void));
bool tsi_worker_is_started(void);
// On a thread of the host's: there will be no worker, and nobody else says so.
void tsi_worker_say_none(void);
// It runs now.
bool tsi_worker_is_there(void);
// Starts it unless the caller may be a signal handler. At most one attempt succeeds; when threads cannot
// be had, recording ends for good.
void tsi_worker_start_from(bool stdio_caller);
// Starts it whatever the caller.
void tsi_worker_start(void);
// Capture path. A worker that has not come round for long, and has spent that time computing, will not come round any
// more: it is put to rest (loss.h), so that it does not take a core from the training. One that waits for a disk is
// left alone.
void tsi_worker_watch(int64_t now);
// For a fork that shall see no thread of ours: what was printed is written, the thread ends, and the next output starts
// it again. Waits 200 ms at most. Not while a run is online, for the uploader has connections, or has GPUs that are
// read, for the driver has files open.
void tsi_worker_pause(void);
// Lets the worker's thread end; only for a host whose main thread has left by pthread_exit.
void tsi_worker_dismiss(void);

// settle.c: waits at the end of a program.
// (tsi_settle itself is in ctrackshim.h.)
// Once the program is ending its last flushes come after every hook; each then waits shortly itself.
void tsi_worker_flush_if_ending(void);

#endif
