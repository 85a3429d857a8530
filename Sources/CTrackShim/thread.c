#define _GNU_SOURCE
#include "thread.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "rawio.h"
#include "shield.h"

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE (1U << 1)
#endif
#ifndef CLONE_FILES
#define CLONE_FILES 0x00000400
#endif

// In the few bytes that every thread of the host has for us; read in signal handlers, so never allocated late.
static __thread struct {
  int32_t role;
  uint32_t number;
} self __attribute__((tls_model("initial-exec")));

int tsi_thread_role(void) { return self.role; }
uint32_t tsi_thread_number(void) { return self.number; }

// Enough for our shallow stacks, and for a TLS handshake; the default 8 MiB would count against `ulimit -v`.
enum { STACK_BYTES = 1 << 20, HANDLER_STACK_BYTES = 32 << 10 };

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

// A synchronous fault while its signal is blocked kills the process whatever its handler says (shield.c).
static void let_faults_through(void) {
  sigset_t faults;
  sigemptyset(&faults);
  for (size_t i = 0; i < tsi_shield_signal_count; i++) sigaddset(&faults, tsi_shield_signals[i]);
  pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

// For a handler that asks for one: a stack that has overflowed is no place to run it. Its pages cost nothing until
// then.
static void use_handler_stack(int role) {
  static uint8_t stacks[TSI_ROLES - 1][HANDLER_STACK_BYTES] __attribute__((aligned(16)));
  stack_t stack = {.ss_sp = stacks[role - TSI_WORKER], .ss_size = HANDLER_STACK_BYTES};
  tsi_sys2(SYS_sigaltstack, &stack, NULL);
}

static _Atomic int there;

void tsi_thread_introduce(int role, const char *name) {
  self.role = role;
  self.number = (uint32_t)tsi_thread();
  prctl(PR_SET_NAME, name);
  use_handler_stack(role);
  let_faults_through();
  atomic_fetch_add(&there, 1);
}

void tsi_thread_take_leave(void) { atomic_fetch_sub(&there, 1); }

// ---- Its files ----------------------------------------------------------------------------------------

// A copy of the host's table, emptied at once: from then on closefrom(3) in the host does not close
// our files, ours do not show in its /proc/self/fd, and we keep none of its pipes open.
bool tsi_thread_leave_files(void) {
  if (tsi_sys3(SYS_close_range, 0, ~0u, CLOSE_RANGE_UNSHARE) == 0) return true;
  if (tsi_sys1(SYS_unshare, CLONE_FILES) != 0) return false;
  // Kernels before 5.9 have no close_range; 4,096 is well past what trainers have open.
  for (int fd = 0; fd < 4096; fd++) tsi_sys1(SYS_close, fd);
  return true;
}

bool tsi_thread_fill_standard_numbers(void) {
  for (;;) {
    long fd = tsi_sys4(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return false;
    if (fd <= 2) continue;
    tsi_sys1(SYS_close, fd);
    return true;
  }
}

// A folder's link count is 2 more than the folders in it, here one for each thread: the number without
// opening anything in the host's table.
long tsi_thread_count(void) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, -1, "/proc/self/task", &about, 0);
  return failed ? 0 : (long)about.st_nlink - 2;
}

int tsi_thread_ours(void) { return atomic_load(&there); }
