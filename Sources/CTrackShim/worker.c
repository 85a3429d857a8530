#define _GNU_SOURCE
#include "worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "futex.h"
#include "rawio.h"
#include "settle.h"
#include "tap.h"
#include "thread.h"

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE (1U << 1)
#endif
#ifndef CLONE_FILES
#define CLONE_FILES 0x00000400
#endif

static struct {
  void (*main)(void);
  void (*after_start)(void);
  _Atomic bool started;
  _Atomic bool dismissed;
  _Atomic bool own_files;
  _Atomic uint32_t asleep; // futex word: 1 while the worker waits
  sigset_t mask_at_load;
} worker;

void tsi_worker_set_main(void (*main)(void), void (*after_start)(void)) {
  worker.main = main;
  worker.after_start = after_start;
  pthread_sigmask(SIG_BLOCK, NULL, &worker.mask_at_load);
}

bool tsi_worker_is_started(void) { return atomic_load_explicit(&worker.started, memory_order_relaxed); }

bool tsi_worker_has_own_files(void) { return atomic_load(&worker.own_files); }

void tsi_worker_dismiss(void) {
  atomic_store(&worker.dismissed, true);
  tsi_worker_wake();
}

bool tsi_worker_is_dismissed(void) { return atomic_load(&worker.dismissed); }

// A copy of the host's table, emptied at once: from then on closefrom(3) in the host does not close
// our files, ours do not show in its /proc/self/fd, and we keep none of its pipes open.
static bool leave_file_table(void) {
  if (tsi_sys3(SYS_close_range, 0, ~0u, CLOSE_RANGE_UNSHARE) == 0) return true;
  if (tsi_sys1(SYS_unshare, CLONE_FILES) != 0) return false;
  // Kernels before 5.9 have no close_range; 4,096 is well past what trainers have open.
  for (int fd = 0; fd < 4096; fd++) tsi_sys1(SYS_close, fd);
  return true;
}

static void *run(void *unused) {
  (void)unused;
  atomic_store(&worker.own_files, leave_file_table());
  tsi_thread_introduce("trackshim");
  worker.main();
  return NULL;
}

void tsi_worker_start(void) {
  bool expected = false;
  if (worker.main == NULL || !tsi_tap_is_own_process()) return;
  if (!atomic_compare_exchange_strong(&worker.started, &expected, true)) return;
  if (!tsi_thread_start(run))
    tsi_tap_off();
  else if (worker.after_start != NULL)
    worker.after_start();
}

void tsi_worker_start_from(bool stdio_caller) {
  sigset_t now;
  if (!stdio_caller) {
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    if (memcmp(&now, &worker.mask_at_load, _NSIG / 8) != 0) return;
  }
  tsi_worker_start();
}

void tsi_worker_wake(void) {
  if (atomic_load_explicit(&worker.asleep, memory_order_relaxed) == 0) return;
  if (atomic_exchange(&worker.asleep, 0) == 1) tsi_futex_wake(&worker.asleep);
}

void tsi_worker_wait(uint32_t milliseconds, uint32_t known_request) {
  atomic_store(&worker.asleep, 1);
  tsi_request open = tsi_settle_requested();
  // A request that came just before `asleep` was set has woken nobody.
  if (!tsi_settle_is_answered(open.number) && open.number != known_request) {
    atomic_store(&worker.asleep, 0);
    return;
  }
  tsi_futex_wait(&worker.asleep, 1, milliseconds);
  atomic_store(&worker.asleep, 0);
}
