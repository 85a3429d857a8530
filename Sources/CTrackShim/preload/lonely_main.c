// A process whose main thread left by pthread_exit ends when its last thread does: libc then calls
// exit(0). The worker would keep it alive for ever, and must not be the thread that calls exit, since it has
// none of the host's descriptors. So a helper thread, which has them, waits until only it, the worker and
// the dead main thread are left, sends the worker away, and returns last. Where the worker does not go, because it was
// lost or hangs, the helper itself calls exit(0), as libc would on the last thread.
#define _GNU_SOURCE
#include "lonely_main.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "loss.h"
#include "rawio.h"
#include "tap.h"
#include "thread.h"
#include "worker.h"

enum { LOOK_NANOSECONDS = 5000000, LOOKS = 200, MAIN_AND_HELPER = 2 };

static bool are_we_alone(void) { return tsi_thread_count() <= MAIN_AND_HELPER; }

static void *wait_for_the_others(void *unused) {
  (void)unused;
  struct timespec pause = {0, LOOK_NANOSECONDS};
  while (tsi_thread_count() > MAIN_AND_HELPER + tsi_thread_ours()) nanosleep(&pause, NULL);
  // libc's exit(0) is what follows.
  tsi_settle(TSI_SETTLE_RETURN, 0);
  tsi_worker_dismiss();
  tsi_gpu_dismiss();
  for (int look = 0; look < LOOKS && !are_we_alone() && !tsi_loss_is_total(); look++) nanosleep(&pause, NULL);
  // The one that reads GPUs goes past libc, which counts it for ever (gpu_thread.c).
  if (!are_we_alone() || tsi_gpu_was_started()) exit(0);
  return NULL;
}

static _Atomic bool main_left;
static _Atomic bool helper_started;

static void start_helper(void) {
  pthread_t helper;
  sigset_t all, before;
  bool expected = false;
  if (!atomic_compare_exchange_strong(&helper_started, &expected, true)) return;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (pthread_create(&helper, NULL, wait_for_the_others, NULL) == 0) pthread_detach(helper);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void tsi_main_thread_left(void) {
  atomic_store(&main_left, true);
  bool may_stay = tsi_tap_is_awake() || tsi_loss_is_total();
  if (may_stay && tsi_tap_is_own_process() && tsi_worker_is_started()) start_helper();
}

void tsi_lonely_main_worker_started(void) {
  if (atomic_load(&main_left)) start_helper();
}
