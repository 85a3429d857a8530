// The only waits of host threads, all at the end of a program, all bounded by the exit timeout.
//
// A host thread puts its request (what is ending, with which code), wakes the worker and sleeps until
// the worker has answered that number. The worker answers when everything that was in the ring at
// the time of the request is in the journal. Late: the host goes on; what the worker had not written
// stays in the ring file for recovery.
#define _GNU_SOURCE
#include "settle.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "futex.h"
#include "loss.h"
#include "note.h"
#include "sandbox.h"
#include "tap.h"
#include "thread.h"
#include "worker.h"

// What had been printed when a request was put: nothing new means nothing to wait for.
typedef struct {
  bool known;
  uint64_t head;
  tsi_unflushed unflushed;
} tsi_printed;

static struct {
  // kind (8 bits), number (24 bits) and code (32 bits) in one word, so that they are read together.
  _Atomic uint64_t request;
  _Atomic uint32_t answered; // futex word
  _Atomic uint32_t timeout;
  _Atomic bool ending;
  _Atomic bool quiet;
  _Atomic int64_t deadline; // of all waits together, once the program is ending
} settle = {.timeout = 10000};

enum { NUMBER_MASK = 0xffffff, SLICE_MILLISECONDS = 50 };

void tsi_settle_prepare(void) {
  const char *timeout = tsi_environment("TRACKSHIM_EXIT_TIMEOUT"), *quiet = tsi_environment("TRACKSHIM_QUIET");
  char *rest = NULL;
  double seconds = timeout != NULL && *timeout != 0 ? strtod(timeout, &rest) : -1;
  if (rest != NULL && *rest != 0) seconds = -1;
  if (seconds >= 0 && seconds <= 3600) atomic_store(&settle.timeout, (uint32_t)(seconds * 1000));
  atomic_store(&settle.quiet, quiet != NULL && *quiet != 0 && strcmp(quiet, "0") != 0);
}

void tsi_settle_set_timeout(uint32_t milliseconds, bool quiet) {
  atomic_store(&settle.timeout, milliseconds);
  atomic_store(&settle.quiet, quiet);
  // A program may have come to its end before the settings were read.
  int64_t longest = tsi_clock_monotonic() + (int64_t)milliseconds * 1000000;
  if (atomic_load(&settle.deadline) > longest) atomic_store(&settle.deadline, longest);
}

tsi_request tsi_settle_requested(void) {
  uint64_t word = atomic_load(&settle.request);
  return (tsi_request){(uint32_t)(word >> 32) & NUMBER_MASK, (int32_t)(word >> 56), (int32_t)word};
}

bool tsi_settle_is_answered(uint32_t number) {
  uint32_t answered = atomic_load(&settle.answered);
  return ((answered - number) & NUMBER_MASK) < NUMBER_MASK / 2;
}

bool tsi_settle_is_quiet(void) { return atomic_load(&settle.quiet); }

void tsi_settle_let_go(void) { tsi_futex_wake(&settle.answered); }

void tsi_settle_answer(uint32_t number) {
  atomic_store(&settle.answered, number);
  tsi_futex_wake(&settle.answered);
}

static uint32_t put_request(int kind, int code) {
  uint64_t before = atomic_load(&settle.request), after;
  uint32_t number;
  do {
    number = ((uint32_t)(before >> 32) + 1) & NUMBER_MASK;
    after = (uint64_t)kind << 56 | (uint64_t)number << 32 | (uint32_t)code;
  } while (!atomic_compare_exchange_weak(&settle.request, &before, after));
  return number;
}

static bool wait_until(uint32_t number, const _Atomic int64_t *deadline) {
  tsi_worker_wake();
  while (!tsi_settle_is_answered(number)) {
    int64_t left = (atomic_load(deadline) - tsi_clock_monotonic()) / 1000000;
    if (left <= 0 || tsi_loss_is_total()) return false;
    uint32_t answered = atomic_load(&settle.answered);
    if (tsi_settle_is_answered(number)) return true;
    tsi_futex_wait(&settle.answered, answered, left < SLICE_MILLISECONDS ? (uint32_t)left : SLICE_MILLISECONDS);
    tsi_worker_wake();
  }
  return true;
}

static bool wait_for(uint32_t number) { return wait_until(number, &settle.deadline); }

static bool is_anybody_there(void) {
  if (!tsi_tap_is_awake() || tsi_loss_is_total() || !tsi_tap_is_own_process()) return false;
  // The first output may have come from a place that starts nothing.
  tsi_worker_start_from(false);
  return tsi_worker_is_started() && !tsi_worker_is_dismissed() && !tsi_loss_is_total();
}

static bool ends(int kind) { return kind == TSI_SETTLE_EXIT || kind == TSI_SETTLE_RETURN; }

// Recovery gives the run the end that a lost worker could not.
static void leave_hint(int kind, int code) {
  if (!ends(kind) || !tsi_tap_has_runs_ring() || !tsi_tap_is_own_process()) return;
  tsi_ring_set_exit_hint(tsi_tap_ring(), code);
  if (tsi_loss_is_total()) tsi_loss_say_dropped();
}

static int64_t deadline_from_now(void) {
  return tsi_clock_monotonic() + (int64_t)atomic_load(&settle.timeout) * 1000000;
}

// A short program may not have flushed anything yet: then the flush that follows exit() is its first
// output, starts the worker, and waits for it.
static bool expect_first_flush(int kind, int code) {
  if (kind != TSI_SETTLE_RETURN || !tsi_tap_is_asleep() || !tsi_tap_is_own_process()) return false;
  put_request(kind, code);
  atomic_store(&settle.deadline, deadline_from_now());
  atomic_store(&settle.ending, true);
  return false;
}

// On a host thread: the worker is the one that is stuck.
static void say_late(void) {
  static const char late[] =
      "trackshim: the journal was not complete when the time for it was over (TRACKSHIM_EXIT_TIMEOUT); "
      "`trackshim show` completes it\n";
  static const char no_run[] =
      "trackshim: the recording had not begun when the time for it was over (TRACKSHIM_EXIT_TIMEOUT); this program "
      "is not recorded\n";
  if (atomic_load(&settle.quiet)) return;
  if (tsi_tap_is_claimed())
    tsi_note_write_here(late, sizeof late - 1);
  else
    tsi_note_write_here(no_run, sizeof no_run - 1);
}

static tsi_printed printed_now(void) {
  tsi_printed now = {.head = tsi_ring_head(tsi_tap_ring())};
  now.known = tsi_peek_look(&now.unflushed);
  return now;
}

static bool is_same(const tsi_printed *first, const tsi_printed *second) {
  return first->known && second->known && first->head == second->head &&
         first->unflushed.position == second->unflushed.position && first->unflushed.base == second->unflushed.base &&
         first->unflushed.end == second->unflushed.end;
}

// exit() runs on one thread. What the early handler saw, and until when all of the end's waits may take.
static struct {
  tsi_printed printed;
  int code;
  int64_t deadline;
} closed;

static void remember_close(const tsi_printed *before, int code, int64_t deadline, bool answered) {
  closed.printed = *before;
  closed.printed.known = closed.printed.known && answered;
  closed.code = code;
  closed.deadline = deadline;
}

int64_t tsi_settle_deadline(void) { return atomic_load(&settle.deadline); }

bool tsi_settle(int kind, int code) {
  if (tsi_sandbox_is_silent()) {
    if (ends(kind) && tsi_tap_has_runs_ring()) tsi_ring_set_exit_hint(tsi_tap_ring(), code);
    return false;
  }
  if (!is_anybody_there()) {
    leave_hint(kind, code);
    return expect_first_flush(kind, code);
  }
  tsi_printed printed = printed_now();
  bool goes_on = (kind == TSI_SETTLE_RETURN || kind == TSI_SETTLE_CLOSE) && closed.deadline != 0;
  // Nothing was printed since: everything is where it should be.
  if (goes_on && closed.code == code && is_same(&printed, &closed.printed)) return true;
  int64_t deadline = goes_on ? closed.deadline : deadline_from_now();
  atomic_store(&settle.deadline, deadline);
  bool answered = wait_for(put_request(kind, code));
  if (kind == TSI_SETTLE_CLOSE) remember_close(&printed, code, deadline, answered);
  // A later wait says so; of a loss it was said.
  if (!answered && kind != TSI_SETTLE_CLOSE && !tsi_loss_is_total()) say_late();
  if (!answered) leave_hint(kind, code);
  // A worker that did not answer once is not waited for again.
  atomic_store(&settle.ending, ends(kind) && answered);
  return answered;
}

bool tsi_settle_pause(void) {
  if (tsi_sandbox_is_silent() || !is_anybody_there()) return false;
  _Atomic int64_t deadline = tsi_clock_monotonic() + 200000000;
  return wait_until(put_request(TSI_SETTLE_PAUSE, 0), &deadline);
}

// ---- A program that wants to know that all is kept ---------------------------------------------------------

// Apart from the requests above: of those only the newest counts, and this one must not take the place of an end.
static struct {
  _Atomic uint32_t requested;
  _Atomic uint32_t answered; // futex word
  _Atomic uint32_t seen;     // by the worker
} flush;

uint32_t tsi_flush_requested(void) {
  uint32_t number = atomic_load(&flush.requested);
  atomic_store_explicit(&flush.seen, number, memory_order_relaxed);
  return number;
}

bool tsi_flush_is_news(void) {
  uint32_t number = atomic_load(&flush.requested);
  return atomic_exchange_explicit(&flush.seen, number, memory_order_relaxed) != number;
}

void tsi_flush_answer(uint32_t number) {
  atomic_store(&flush.answered, number);
  tsi_futex_wake(&flush.answered);
}

static bool is_flushed(uint32_t number) { return (int32_t)(atomic_load(&flush.answered) - number) >= 0; }

bool tsi_flush(int64_t nanoseconds) {
  if (tsi_sandbox_is_silent() || !is_anybody_there()) return false;
  uint32_t number = atomic_fetch_add(&flush.requested, 1) + 1;
  int64_t deadline = tsi_clock_monotonic() + nanoseconds;
  while (!is_flushed(number)) {
    tsi_worker_wake();
    int64_t left = (deadline - tsi_clock_monotonic()) / 1000000;
    if (left <= 0 || tsi_loss_is_total()) return is_flushed(number);
    uint32_t answered = atomic_load(&flush.answered);
    if (is_flushed(number)) return true;
    tsi_futex_wait(&flush.answered, answered, left < SLICE_MILLISECONDS ? (uint32_t)left : SLICE_MILLISECONDS);
  }
  return true;
}

void tsi_worker_flush_if_ending(void) {
  if (!atomic_load_explicit(&settle.ending, memory_order_relaxed)) return;
  if (!tsi_worker_is_started() || tsi_worker_is_dismissed() || tsi_loss_is_total()) return;
  int64_t deadline = atomic_load(&settle.deadline);
  // A program that caught its SIGABRT and goes on is not ending after all.
  if (tsi_clock_monotonic() >= deadline) {
    atomic_store(&settle.ending, false);
    return;
  }
  tsi_request last = tsi_settle_requested();
  bool answered = wait_for(put_request(TSI_SETTLE_FLUSHED, last.code));
  if (answered) return;
  atomic_store(&settle.ending, false);
  if (!tsi_loss_is_total()) say_late();
}

// ---- Before the exit handlers of what was there earlier -----------------------------------------------

static _Atomic bool always_closes;

void tsi_settle_always_close(void) { atomic_store(&always_closes, true); }

// With one thread nobody can use what destructors tear down, and the end is better written after them: they may
// print. Main and ours are not others.
static bool has_other_threads(void) { return tsi_thread_count() > 1 + tsi_thread_ours(); }

// on_exit handlers run in the reverse of the order in which they were registered.
static void close_run(int code, void *unused) {
  (void)unused;
  int before = errno;
  if (atomic_load(&always_closes) || has_other_threads()) tsi_settle(TSI_SETTLE_CLOSE, code & 0xff);
  errno = before;
}

void tsi_settle_before_earlier_handlers(void) { on_exit(close_run, NULL); }
