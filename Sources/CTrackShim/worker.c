#define _GNU_SOURCE
#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "futex.h"
#include "loss.h"
#include "note.h"
#include "rawio.h"
#include "sandbox.h"
#include "settle.h"
#include "shield.h"
#include "tap.h"
#include "thread.h"

static struct {
  void (*main)(void);
  void (*after_start)(void);
  _Atomic bool started;
  _Atomic bool dismissed;
  _Atomic bool own_files;
  _Atomic uint32_t asleep; // futex word: 1 while the worker waits
  sigset_t mask_at_load;
  _Atomic bool leaves_for_now;
  _Atomic int32_t number;
  _Atomic int64_t beat; // when it last came round; monotonic, ns
} worker;

// Since when it is suspected, and what it had computed by then. Only whoever has `busy` touches the rest.
static struct {
  _Atomic bool busy;
  int64_t since, beat, computed;
} suspicion;

void tsi_worker_set_main(void (*main)(void), void (*after_start)(void)) {
  worker.main = main;
  worker.after_start = after_start;
  pthread_sigmask(SIG_BLOCK, NULL, &worker.mask_at_load);
}

bool tsi_worker_is_started(void) { return atomic_load_explicit(&worker.started, memory_order_relaxed); }

bool tsi_worker_is_there(void) { return atomic_load(&worker.number) != 0; }

bool tsi_worker_has_own_files(void) { return atomic_load(&worker.own_files); }

void tsi_worker_dismiss(void) {
  atomic_store(&worker.dismissed, true);
  tsi_worker_wake();
}

bool tsi_worker_is_dismissed(void) { return atomic_load(&worker.dismissed); }

void tsi_worker_say_none(void) {
  static const char note[] =
      "trackshim: no thread or no memory could be had for the recording (ulimit -u, ulimit -v); this program is not "
      "recorded\n";
  if (!tsi_settle_is_quiet()) tsi_note_write_here(note, sizeof note - 1);
}

static void *run(void *unused) {
  (void)unused;
  bool has_own_files = tsi_thread_leave_files();
  atomic_store(&worker.own_files, has_own_files);
  tsi_thread_introduce(TSI_WORKER, "trackshim");
  tsi_shield_raise();
  atomic_store(&worker.number, (int32_t)tsi_thread_number());
  tsi_worker_beat();
  worker.main();
  tsi_thread_take_leave();
  atomic_store(&worker.number, 0);
  // Last of all: from then on another thread may be the worker.
  if (atomic_exchange(&worker.leaves_for_now, false)) atomic_store(&worker.started, false);
  return NULL;
}

void tsi_worker_start(void) {
  bool expected = false;
  if (worker.main == NULL || tsi_loss_is_total() || !tsi_tap_is_own_process()) return;
  if (!atomic_compare_exchange_strong(&worker.started, &expected, true)) return;
  static bool has_reserve;
  has_reserve = has_reserve || tsi_arena_prepare();
  if (!has_reserve || !tsi_thread_start(run)) {
    tsi_tap_off();
    tsi_worker_say_none();
  } else if (worker.after_start != NULL) {
    worker.after_start();
  }
}

void tsi_worker_start_from(bool stdio_caller) {
  sigset_t now;
  if (!stdio_caller) {
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    if (memcmp(&now, &worker.mask_at_load, _NSIG / 8) != 0) return;
  }
  tsi_worker_start();
}

void tsi_worker_leaves_for_now(void) { atomic_store(&worker.leaves_for_now, true); }

void tsi_worker_pause(void) {
  int32_t thread = atomic_load(&worker.number);
  if (thread == 0 || tsi_uploader_is_running() || tsi_gpu_is_running() || !tsi_settle_pause()) return;
  // It is counted until the kernel has forgotten it.
  struct timespec pause = {0, 200000};
  for (int look = 0; look < 250 && tsi_sys3(SYS_tgkill, tsi_process(), thread, 0) == 0; look++)
    tsi_sys2(SYS_nanosleep, &pause, NULL);
}

// ---- Is it still there? -------------------------------------------------------------------------------

void tsi_worker_beat(void) { atomic_store_explicit(&worker.beat, tsi_clock_monotonic(), memory_order_relaxed); }

// Nanoseconds that a thread has computed; its clock's number is made as libc does (pthread_getcpuclockid).
static int64_t computed_by(int32_t thread) {
  struct timespec spent = {0, 0};
  long failed = tsi_sys2(SYS_clock_gettime, (int32_t)(~(uint32_t)thread << 3 | 6), &spent);
  return failed ? 0 : (int64_t)spent.tv_sec * 1000000000 + spent.tv_nsec;
}

static void suspect(int64_t now, int64_t beat, int32_t thread) {
  int64_t computed = computed_by(thread), waited = now - suspicion.since;
  if (suspicion.beat != beat || suspicion.since == 0) {
    suspicion.since = now;
    suspicion.beat = beat;
    suspicion.computed = computed;
  } else if (waited > tsi_longest_silence && computed - suspicion.computed > waited / 8) {
    tsi_loss_is_for_spinning();
    tsi_sys3(SYS_tgkill, tsi_process(), thread, SIGTRAP);
    suspicion.since = now;
  }
}

// Kept apart, so that what every flush goes through saves no registers for it.
__attribute__((noinline)) static void watch_closely(int64_t now, int64_t beat) {
  if (beat == 0 || tsi_sandbox_is_silent()) return;
  int32_t thread = atomic_load(&worker.number);
  if (thread == 0 || atomic_exchange(&suspicion.busy, true)) return;
  suspect(now, beat, thread);
  atomic_store(&suspicion.busy, false);
}

void tsi_worker_watch(int64_t now) {
  int64_t beat = atomic_load_explicit(&worker.beat, memory_order_relaxed);
  if (now - beat >= tsi_longest_silence) watch_closely(now, beat);
}

void tsi_worker_wake(void) {
  if (atomic_load_explicit(&worker.asleep, memory_order_relaxed) == 0) return;
  if (tsi_sandbox_is_silent() && tsi_thread_role() == TSI_HOSTS) return;
  if (atomic_exchange(&worker.asleep, 0) == 1) tsi_futex_wake(&worker.asleep);
}

void tsi_worker_wait(uint32_t milliseconds, uint32_t known_request) {
  tsi_worker_beat();
  atomic_store(&worker.asleep, 1);
  tsi_request open = tsi_settle_requested();
  // A request that came just before `asleep` was set has woken nobody; a flush neither.
  if ((!tsi_settle_is_answered(open.number) && open.number != known_request) || tsi_flush_is_news()) {
    atomic_store(&worker.asleep, 0);
    return;
  }
  tsi_futex_wait(&worker.asleep, 1, milliseconds);
  atomic_store(&worker.asleep, 0);
}
