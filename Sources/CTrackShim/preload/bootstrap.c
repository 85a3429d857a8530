// What happens when the library is loaded, and when the program ends by exit().
//
// The constructor takes no memory, opens nothing and starts nothing: it copies the settings, hooks stdio
// and registers for the end. All else waits for the first output (tap.c). It uses little stack, since
// what lies on the stack before main shows through in programs that read uninitialised variables.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/auxv.h>

#include "ignored.h"
#include "launched.h"
#include "lonely_main.h"
#include "python_fork.h"
#include "rank.h"
#include "rawio.h"
#include "settle.h"
#include "shield.h"
#include "stdio_slot.h"
#include "tap.h"
#include "worker.h"

// The core's entry point, in Swift (Exports.swift).
extern void tsi_core_main(void);
extern void tsi_at_quick_exit(void);
extern void tsi_interpose_system_prepare(void);
extern int tsi_real_sigaction(int signal, const struct sigaction *action, struct sigaction *before);

static bool is_disabled(void) {
  const char *ours = tsi_environment("TRACKSHIM_MODE");
  const char *mode = ours != NULL && *ours != 0 ? ours : tsi_environment("WANDB_MODE");
  return mode != NULL && strcasecmp(mode, "disabled") == 0;
}

static bool is_ignored_program(const char *called_as) {
  static char path[PATH_MAX];
  const char *more = tsi_environment("TRACKSHIM_IGNORE");
  long size = tsi_sys4(SYS_readlinkat, -100, "/proc/self/exe", path, sizeof path - 1);
  if (size > 0) path[size] = 0;
  return (size > 0 && tsi_is_ignored(path, more)) || tsi_is_ignored(called_as, more);
}

static void worker_started(void) {
  tsi_lonely_main_worker_started();
  tsi_python_fork_watch();
}

// Registered first, so it runs last: after the program's atexit functions and its static destructors, and
// before libc flushes stdio. That flush goes through the slot like any other (settle.c waits for it).
static void at_exit(int code, void *unused) {
  (void)unused;
  int before = errno;
  tsi_settle(TSI_SETTLE_RETURN, code & 0xff);
  if (tsi_tap_is_own_process()) tsi_gpu_begin_nothing();
  tsi_launched_report();
  errno = before;
}

__attribute__((constructor)) static void load(int argc, char **argv, char **environment) {
  // A program with more rights than its user: the environment is not its own, and neither is what it says to do.
  // The loader leaves us out where we are preloaded, not where the program is linked with us.
  if (getauxval(AT_SECURE) != 0) return;
  const char *called_as = argc > 0 && argv[0] != NULL ? argv[0] : "";
  tsi_environment_capture(environment);
  tsi_environment_prepare();
  tsi_interpose_system_prepare();
  tsi_launched_load();
  tsi_settle_prepare();
  if (!is_disabled()) {
    on_exit(at_exit, NULL);
    if (!is_ignored_program(called_as) && !tsi_rank_is_left_out()) {
      at_quick_exit(tsi_at_quick_exit);
      tsi_tap_set_degraded(tsi_stdio_slot_install());
      tsi_shield_use(tsi_real_sigaction);
      tsi_worker_set_main(tsi_core_main, worker_started);
      tsi_tap_load();
    }
  }
  // As the standard promises a program at its start; the Swift runtime's own constructors leave others.
  errno = 0;
}
