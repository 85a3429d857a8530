/*
 * trackshim.h - record a training run for Weights & Biases from C, C++ and CUDA.
 *
 * Most programs need none of this: preloaded (LD_PRELOAD=libtrackshim.so ./train) or linked
 * (-ltrackshim), the library recognises the metrics that a program prints. These calls add what it does
 * not print. Both go into one run, one row per step.
 *
 * What the program is promised: its output is the same byte for byte; no call waits, but for
 * trackshim_finish, whose wait is bounded; nothing here exits, aborts or prints to standard output; results
 * are advice, and ignoring them does no harm.
 *
 *     trackshim_start(NULL);                          // optional: the first call does it
 *     for (long step = 1; step <= n; step++) {
 *       ...
 *       trackshim_log(step, "train_loss", loss);
 *     }
 *     trackshim_finish(0);                            // optional: the end of the program does it
 *
 * Settings (project, name, ...) come from the environment; see docs/environment.md.
 *
 * This is the first part of the interface. More calls will come; these stay.
 */
#ifndef TRACKSHIM_H
#define TRACKSHIM_H

#include <stdint.h>

#define TRACKSHIM_VERSION_MAJOR 0
#define TRACKSHIM_VERSION_MINOR 1
#define TRACKSHIM_VERSION_PATCH 0
#define TRACKSHIM_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum trackshim_status {
  /* Done, or taken over by the worker. */
  TRACKSHIM_OK = 0,
  /* Nothing is recorded in this process: it was switched off (TRACKSHIM_MODE=disabled), it is a forked
     child, or it is a program that is never tracked. Nothing is lost that could have been kept. */
  TRACKSHIM_INACTIVE = 1,
  /* An argument cannot be used: a NULL or empty key, one of more than 1,024 bytes, a step below 0 or above
     2^53. Nothing recorded. */
  TRACKSHIM_INVALID = 2,
  /* The value was dropped, because values come faster than they are written. The run says how many. */
  TRACKSHIM_DROPPED = 3,
  /* The time was over before all was written. What is missing is kept in memory for recovery. */
  TRACKSHIM_TIMEOUT = 4
} trackshim_status;

/* Reserved for options of trackshim_start. */
typedef struct trackshim_options trackshim_options;

/*
 * Starts the run now instead of at the first recognised line or the first other call.
 *
 * options  NULL.
 * Returns TRACKSHIM_OK, also when it has started before; TRACKSHIM_INACTIVE.
 * Waits for nothing: the run appears a few milliseconds later, from the worker.
 *
 * Threads: any. Signals: not from a handler. Fork: a child gets TRACKSHIM_INACTIVE. errno: kept.
 * Since: 0.1.
 */
trackshim_status trackshim_start(const trackshim_options *options);

/*
 * Records one number at one step. Rows are merged by step: log several keys at the same step, and print
 * what you print, and it becomes one row. A step below the last one is kept at the next free step, with the
 * given one as the metric `step`.
 *
 * step   0 to 2^53, by the program's own counting.
 * key    UTF-8, copied; 1 to 1,024 bytes.
 * value  any double; NaN and the infinities are recorded as such.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID (this value is lost), _DROPPED (this value is lost).
 *
 * Threads: any. Signals: not from a handler. Fork: a child gets TRACKSHIM_INACTIVE. errno: kept.
 * Since: 0.1.
 */
trackshim_status trackshim_log(int64_t step, const char *key, double value);

/*
 * Brings the run to its end: everything logged and printed so far is in the journal when it returns, with
 * the exit code. Of an online run it is also on the server, unless that was late: then a line on stderr says so,
 * and sending goes on behind the program. What comes later is still recorded, and the end moves behind it.
 *
 * exit_code  0 for success; W&B calls a run with any other code failed.
 * Returns TRACKSHIM_OK, _INACTIVE, _TIMEOUT (after TRACKSHIM_EXIT_TIMEOUT, 10 s if unset).
 *
 * Threads: any. Signals: not from a handler. Fork: a child gets TRACKSHIM_INACTIVE. errno: kept.
 * Since: 0.1.
 */
trackshim_status trackshim_finish(int exit_code);

/* The version of the library that runs, as "0.1.0"; static memory. Any thread, at any time. Since: 0.1. */
const char *trackshim_version(void);

#ifdef __cplusplus
}
#endif

#endif
