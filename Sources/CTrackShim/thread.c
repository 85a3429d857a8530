#define _GNU_SOURCE
#include "thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "rawio.h"

// Enough for our shallow stacks, and for a TLS handshake; the default 8 MiB would count against `ulimit -v`.
enum { STACK_BYTES = 1 << 20 };

bool tsi_thread_start(void *(*run)(void *)) {
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&thread, &attributes, run, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return failed == 0;
}

// A synchronous fault while its signal is blocked kills the process whatever its handler says.
static void let_faults_through(void) {
  sigset_t faults;
  sigemptyset(&faults);
  int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&faults, signals[i]);
  pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

void tsi_thread_introduce(const char *name) {
  prctl(PR_SET_NAME, name);
  let_faults_through();
}

// A folder's link count is 2 more than the folders in it, here one for each thread: the number without
// opening anything in the host's table.
long tsi_thread_count(void) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, -1, "/proc/self/task", &about, 0);
  return failed ? 0 : (long)about.st_nlink - 2;
}
