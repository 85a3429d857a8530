// The uploader's thread, its sleep, and the lock between it and the worker.
//
// It is started by the worker and shares the worker's file table: no socket is ever among the host's descriptors.
// libcurl uses the lowest numbers that are free, so 0 to 2 are taken first.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>

#include "futex.h"
#include "include/ctrackshim.h"
#include "rawio.h"
#include "thread.h"

static struct {
  void (*main)(void);
  _Atomic bool running;
  _Atomic uint32_t news; // futex word, counts what there was to wake for
  // Of libc's kind, so that a thread sanitizer in the host knows it; and who holds it.
  pthread_mutex_t lock;
  _Atomic uint32_t holder;
} uploader = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *run(void *unused) {
  (void)unused;
  tsi_thread_introduce(TSI_UPLOADER, "trackshim-net");
  uploader.main();
  tsi_thread_take_leave();
  atomic_store(&uploader.running, false);
  return NULL;
}

bool tsi_uploader_start(void (*main)(void)) {
  if (!tsi_worker_has_own_files() || !tsi_thread_fill_standard_numbers()) return false;
  uploader.main = main;
  atomic_store(&uploader.running, true);
  if (tsi_thread_start(run)) return true;
  atomic_store(&uploader.running, false);
  return false;
}

bool tsi_uploader_is_running(void) { return atomic_load(&uploader.running); }

uint32_t tsi_uploader_news(void) { return atomic_load(&uploader.news); }

void tsi_uploader_wake(void) {
  atomic_fetch_add(&uploader.news, 1);
  tsi_futex_wake(&uploader.news);
}

void tsi_uploader_wait(uint32_t news, uint32_t milliseconds) { tsi_futex_wait(&uploader.news, news, milliseconds); }

void tsi_uploader_lock(void) {
  pthread_mutex_lock(&uploader.lock);
  atomic_store_explicit(&uploader.holder, tsi_thread_number(), memory_order_relaxed);
}

void tsi_uploader_unlock(void) {
  atomic_store_explicit(&uploader.holder, 0, memory_order_relaxed);
  pthread_mutex_unlock(&uploader.lock);
}

uint32_t tsi_uploader_lock_holder(void) { return atomic_load(&uploader.holder); }

int tsi_lock_file(int fd) { return (int)tsi_sys2(SYS_flock, fd, LOCK_EX | LOCK_NB); }

// ---- Stop -----------------------------------------------------------------------------------------

bool tsi_interrupt_kills(void) {
  struct sigaction now;
  return sigaction(SIGINT, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

// To the process: all threads of ours have it blocked, so one of the program's takes it.
void tsi_interrupt_host(void) { tsi_sys2(SYS_kill, tsi_process(), SIGINT); }
