// A seccomp filter for all threads of the process: some calls are refused, or all but some.
#pragma once
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_CALLS = 64 };

// `listed` calls get one answer, all others the other.
static inline void confine(const int *calls, int count, unsigned listed, unsigned others) {
  struct sock_filter filter[MOST_CALLS + 3] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
  };
  for (int i = 0; i < count; i++)
    filter[1 + i] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], (unsigned char)(count - i), 0);
  filter[1 + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, others);
  filter[2 + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, listed);
  struct sock_fprog program = {(unsigned short)(count + 3), filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
    fputs("the kernel takes no seccomp filter\n", stderr);
    exit(77);
  }
}
