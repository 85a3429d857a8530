// A sandbox that answers EPERM to what a program needs no more after its start: no files, no sockets.
#include "metric.h"
#include "sandbox.h"

static void enter(void) {
  static const int calls[] = {
      SYS_openat, SYS_mkdirat,   SYS_ftruncate, SYS_flock,    SYS_close_range, SYS_unshare,    SYS_socket,
      SYS_linkat, SYS_symlinkat, SYS_renameat2, SYS_unlinkat, SYS_getdents64,  SYS_readlinkat, SYS_fsync,
#ifdef SYS_open
      SYS_open,   SYS_mkdir,     SYS_symlink,   SYS_rename,   SYS_unlink,      SYS_readlink,
#endif
  };
  confine(calls, sizeof calls / sizeof *calls, SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ALLOW);
}

int main(void) {
#ifdef AT_ONCE
  enter();
#endif
  printf(STEP(1));
  fflush(stdout);
  settle_blindly();
#ifndef AT_ONCE
  enter();
#endif
  for (int line = 0; line < 200; line++) printf("in the sandbox, line %d\n", line);
  fflush(stdout);
  settle_blindly();
  printf(STEP(2));
  return 5;
}
