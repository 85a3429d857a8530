// No thread can be made (as with a limit on processes, which root is not held to).
#include <pthread.h>
#include "metric.h"
#include "sandbox.h"

static void *nothing(void *unused) { return unused; }

int main(void) {
  pthread_t thread;
#ifndef AT_ONCE
  printf(STEP(1));
  fflush(stdout);
  settle();
#endif
#ifdef SYS_fork
  static const int calls[] = {SYS_clone, SYS_clone3, SYS_fork, SYS_vfork};
#else
  static const int calls[] = {SYS_clone, SYS_clone3};
#endif
  confine(calls, sizeof calls / sizeof *calls, SECCOMP_RET_ERRNO | EAGAIN, SECCOMP_RET_ALLOW);
  printf("thread: %d\n", pthread_create(&thread, NULL, nothing, NULL));
  printf(STEP(2));
  fflush(stdout);
  settle();
  printf(STEP(3));
  return 4;
}
