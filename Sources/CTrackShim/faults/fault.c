// Faults on purpose, in a library of the tests' own (`make faults`): TRACKSHIM_FAULT=STAGE:KIND or STAGE:KIND:N has the
// thread that comes to STAGE for the Nth time do what KIND says. The stages are named where the core calls tsi_fault.
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ctrackshim.h"

static volatile int has_bottom;

static int overflow_stack(int depth) {
  volatile char frame[4096];
  frame[depth % 4096] = 1;
  return has_bottom ? depth : overflow_stack(depth + 1) + frame[0];
}

static void spin(void) {
  for (volatile unsigned turns = 0;; turns++) continue;
}

// What a trap of Swift's is.
#if defined(__x86_64__)
static void no_instruction(void) { __asm__ volatile("ud2"); }
#else
static void no_instruction(void) { __asm__ volatile("brk #1"); }
#endif

static void commit(const char *kind, size_t size) {
  static const struct {
    const char *name;
    int signal;
  } raised[] = {{"bus", SIGBUS}, {"fpe", SIGFPE}, {"trap", SIGTRAP}, {"sys", SIGSYS}};
  char name[16] = "";
  memcpy(name, kind, size < sizeof name ? size : sizeof name - 1);
  if (strcmp(name, "segv") == 0) *(volatile int *)8 = 1;
  if (strcmp(name, "ill") == 0) no_instruction();
  if (strcmp(name, "abort") == 0) abort();
  if (strcmp(name, "stack") == 0) overflow_stack(0);
  if (strcmp(name, "loop") == 0) spin();
  if (strcmp(name, "stuck") == 0) tsi_pause(3600000);
  if (strcmp(name, "memory") == 0) tsi_arena_refuse();
  for (size_t i = 0; i < sizeof raised / sizeof *raised; i++)
    if (strcmp(name, raised[i].name) == 0) raise(raised[i].signal);
}

void tsi_fault(const char *stage) {
  static _Atomic int passed;
  const char *plan = tsi_environment("TRACKSHIM_FAULT");
  size_t size = strlen(stage);
  if (plan == NULL || strncmp(plan, stage, size) != 0 || plan[size] != ':') return;
  const char *kind = plan + size + 1, *times = strchr(kind, ':');
  if (atomic_fetch_add(&passed, 1) + 1 != (times != NULL ? atoi(times + 1) : 1)) return;
  commit(kind, times != NULL ? (size_t)(times - kind) : strlen(kind));
}

const int64_t tsi_longest_silence = 500000000;
