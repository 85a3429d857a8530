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
  // A dark child, an ignored program, one that has a filter already: nothing of ours is to be kept from harm, and to
  // look could be what an earlier filter kills for.
  if (tsi_sandbox_is_silent() || !(tsi_tap_is_awake() || tsi_tap_is_asleep())) return;
  if (given == NULL || !copy_in(given, &prog, sizeof prog) || prog.len == 0 || prog.len > BPF_MAXINSNS) return;
  if (atomic_exchange(&busy, true)) return;
  if (copy_in(prog.filter, program, prog.len * sizeof *program))
    tsi_sandbox_prepare(tsi_sandbox_ask(program, prog.len), everywhere);
  atomic_store(&busy, false);
}

// Strict mode: reading, writing and leaving are all that the calling thread may do.
static void look_at_strict(void) { tsi_sandbox_prepare((tsi_sandbox_verdict){true, true, true}, false); }

static void look_at_prctl(const long *given) {
  if (given[0] != PR_SET_SECCOMP) return;
  if (given[1] == SECCOMP_MODE_STRICT) look_at_strict();
  if (given[1] == SECCOMP_MODE_FILTER) look_at_filter((const struct sock_fprog *)given[2], false);
}

static void look_at_seccomp(const long *given) {
  if (given[0] == SECCOMP_SET_MODE_STRICT) look_at_strict();
  if (given[0] == SECCOMP_SET_MODE_FILTER)
    look_at_filter((const struct sock_fprog *)given[2], given[1] & SECCOMP_FILTER_FLAG_TSYNC);
}

// An allocator may come here while it sets itself up, before our constructor has run; to look the next function up
// could come back to it. So these two are looked up by the constructor, and until then they are the system calls
// themselves.
static __typeof__(&prctl) next_prctl;
static __typeof__(&syscall) next_syscall;

void tsi_interpose_system_prepare(void) {
  next_prctl = (__typeof__(&prctl))dlsym(RTLD_NEXT, "prctl");
  next_syscall = (__typeof__(&syscall))dlsym(RTLD_NEXT, "syscall");
}

static long called(long number, const long *given) {
  if (next_syscall != NULL) return next_syscall(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  long result = tsi_sys6(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

TSI_EXPORT int prctl(int option, ...) {
  va_list rest;
  va_start(rest, option);
  long given[6] = {option};
  for (int i = 1; i < 5; i++) given[i] = va_arg(rest, long);
  va_end(rest);
  int before = errno;
  look_at_prctl(given);
  errno = before;
  if (next_prctl != NULL) return next_prctl(option, given[1], given[2], given[3], given[4]);
  return (int)called(SYS_prctl, given);
}

static void before_call(long number, const long *given) {
  if (number == SYS_seccomp) look_at_seccomp(given);
  if (number == SYS_prctl) look_at_prctl(given);
  if (number == SYS_exit_group) tsi_settle(TSI_SETTLE_EXIT, (int)given[0] & 0xff);
}

static void after_call(long number, const long *given, long result) {
  if (result <= 0 || !tsi_tap_is_stream((int)given[0])) return;
  if (number == SYS_write || number == SYS_pwrite64)
    tsi_tap_written((int)given[0], (const void *)given[1], (size_t)result);
  if (number == SYS_writev)
    tsi_tap_written_vector((int)given[0], (const struct iovec *)given[1], (int)given[2], (size_t)result);
}

TSI_EXPORT long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long given[6];
  for (int i = 0; i < 6; i++) given[i] = va_arg(rest, long);
  va_end(rest);
  int before = errno;
  before_call(number, given);
  errno = before;
  long result = called(number, given);
  before = errno;
  after_call(number, given, result);
  errno = before;
  return result;
}
