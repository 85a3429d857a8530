// Children that libc knows nothing of: no atfork handler runs, and with SHARED not even the memory is their own.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

static int child(void *unused) {
  (void)unused;
  static const char text[] = CHILD_STEP "child: by raw clone\n";
  int left = write(1, text, sizeof text - 1) != sizeof text - 1;
  syscall(SYS_exit, left);
  return 1;
}

static pid_t begin(void) {
#ifdef SHARED
  enum { STACK = 1 << 16 };
  return clone(child, (char *)malloc(STACK) + STACK, CLONE_VM | SIGCHLD, NULL);
#else
  pid_t process = (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
  if (process == 0) child(NULL);
  return process;
#endif
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  int status = -1;
  pid_t process = begin();
  waitpid(process, &status, 0);
  printf("status %d\n", status);
  printf(STEP(2));
  return 0;
}
