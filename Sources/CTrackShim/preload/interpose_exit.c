// The ways a program ends that can be seen from inside: each first lets the worker bring everything into
// the journal, within the exit timeout, and then does what it would have done.
//
// exit() and return from main come through on_exit (bootstrap.c). Signals whose default action kills are
// not hooked; what they leave behind is in the ring file.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc_messages.h"
#include "lonely_main.h"
#include "next.h"
#include "rawio.h"
#include "sandbox.h"
#include "shield.h"
#include "stdio_slot.h"
#include "tap.h"
#include "thread.h"
#include "worker.h"

TSI_NEXT(_exit);
TSI_EXPORT void _exit(int code) {
  tsi_settle(TSI_SETTLE_EXIT, code & 0xff);
  TSI_FIND(_exit)(code);
  __builtin_unreachable();
}

TSI_NEXT(_Exit);
TSI_EXPORT void _Exit(int code) {
  tsi_settle(TSI_SETTLE_EXIT, code & 0xff);
  TSI_FIND(_Exit)(code);
  __builtin_unreachable();
}

TSI_NEXT(quick_exit);
static int quick_code;
void tsi_at_quick_exit(void) { tsi_settle(TSI_SETTLE_EXIT, quick_code); }
TSI_EXPORT void quick_exit(int code) {
  quick_code = code & 0xff;
  TSI_FIND(quick_exit)(code);
  __builtin_unreachable();
}

// 128 + SIGABRT is what a shell shows. A program that catches SIGABRT may print its last words after
// this, or go on: whatever comes later is recorded, and moves the end behind itself.
TSI_NEXT(abort);
TSI_EXPORT void abort(void) {
  // Of the Swift runtime, when something in the core is wrong: it never comes to libc's, which would keep its lock.
  if (tsi_thread_role() != TSI_HOSTS) tsi_shield_lose_thread(SIGABRT);
  tsi_settle(TSI_SETTLE_EXIT, 128 + SIGABRT);
  TSI_FIND(abort)();
  __builtin_unreachable();
}

// A failed assertion prints and aborts inside libc, where the name above is not asked. The message it
// prints comes after the end was written, and moves it behind itself, where it is seen at all.
void __assert_fail(const char *claim, const char *file, unsigned line, const char *function);
TSI_NEXT(__assert_fail);
TSI_EXPORT void __assert_fail(const char *claim, const char *file, unsigned line, const char *function) {
  if (!tsi_stdio_slot_sees_assert()) tsi_record_assertion(claim, file, line, function);
  tsi_settle(TSI_SETTLE_EXIT, 128 + SIGABRT);
  TSI_FIND(__assert_fail)(claim, file, line, function);
  __builtin_unreachable();
}

TSI_NEXT(pthread_exit);
TSI_EXPORT void pthread_exit(void *result) {
  if (!tsi_sandbox_is_silent() && tsi_sys1(SYS_gettid, 0) == tsi_process()) tsi_main_thread_left();
  TSI_FIND(pthread_exit)(result);
  __builtin_unreachable();
}
