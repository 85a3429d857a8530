// The calls by which a program locks itself into a sandbox, and the way by which it makes any call without libc's name
// for it. A filter is asked before it is set (sandbox.h). Of syscall(), what is output is recorded like any other.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "next.h"
#include "rawio.h"
#include "sandbox.h"
#include "tap.h"
#include "worker.h"

// The program's memory may be none: then the kernel refuses the filter as well.
static bool copy_in(const void *from, void *into, size_t size) {
  struct iovec source = {(void *)from, size}, target = {into, size};
  return tsi_sys6(SYS_process_vm_readv, tsi_thread(), &target, 1, &source, 1, 0) == (long)size;
}

static void look_at_filter(const struct sock_fprog *given, bool everywhere) {
  static struct sock_filter program[BPF_MAXINSNS];
  static _Atomic bool busy;
  struct sock_fprog prog;
  if (given == NULL || !copy_in(given, &prog, sizeof prog) || prog.len == 0 || prog.len > BPF_MAXINSNS) return;
  if (atomic_exchange(&busy, true)) return;
  if (copy_in(prog.filter, program, prog.len * sizeof *program))
    tsi_sandbox_prepare(tsi_sandbox_ask(program, prog.len), everywhere);
  atomic_store(&busy, false);
}

// Strict mode: reading, writing and leaving are all that the calling thread may do.
static void look_at_strict(void) { tsi_sandbox_prepare((tsi_sandbox_verdict){true, true}, false); }

TSI_NEXT(prctl);
TSI_EXPORT int prctl(int option, ...) {
  va_list rest;
  va_start(rest, option);
  unsigned long given[4];
  for (int i = 0; i < 4; i++) given[i] = va_arg(rest, unsigned long);
  va_end(rest);
  int before = errno;
  if (option == PR_SET_SECCOMP && given[0] == SECCOMP_MODE_STRICT) look_at_strict();
  if (option == PR_SET_SECCOMP && given[0] == SECCOMP_MODE_FILTER)
    look_at_filter((const struct sock_fprog *)given[1], false);
  errno = before;
  return TSI_FIND(prctl)(option, given[0], given[1], given[2], given[3]);
}

static void look_at_seccomp(const long *given) {
  if (given[0] == SECCOMP_SET_MODE_STRICT) look_at_strict();
  if (given[0] == SECCOMP_SET_MODE_FILTER)
    look_at_filter((const struct sock_fprog *)given[2], given[1] & SECCOMP_FILTER_FLAG_TSYNC);
}

static void before_call(long number, const long *given) {
  if (number == SYS_seccomp) look_at_seccomp(given);
  if (number == SYS_prctl && given[0] == PR_SET_SECCOMP && given[1] == SECCOMP_MODE_STRICT) look_at_strict();
  if (number == SYS_prctl && given[0] == PR_SET_SECCOMP && given[1] == SECCOMP_MODE_FILTER)
    look_at_filter((const struct sock_fprog *)given[2], false);
  if (number == SYS_exit_group) tsi_settle(TSI_SETTLE_EXIT, (int)given[0] & 0xff);
}

static void after_call(long number, const long *given, long result) {
  if (result <= 0 || !tsi_tap_is_stream((int)given[0])) return;
  if (number == SYS_write || number == SYS_pwrite64)
    tsi_tap_written((int)given[0], (const void *)given[1], (size_t)result);
  if (number == SYS_writev)
    tsi_tap_written_vector((int)given[0], (const struct iovec *)given[1], (int)given[2], (size_t)result);
}

TSI_NEXT(syscall);
TSI_EXPORT long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long given[6];
  for (int i = 0; i < 6; i++) given[i] = va_arg(rest, long);
  va_end(rest);
  int before = errno;
  before_call(number, given);
  errno = before;
  long result = TSI_FIND(syscall)(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  before = errno;
  after_call(number, given, result);
  errno = before;
  return result;
}
