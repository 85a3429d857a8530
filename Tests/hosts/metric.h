// Lines in the grammar of the seed's trainer, so that a host is worth tracking.
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CONFIG_ROW "| max_steps             | 3                                                  |\n"
#define STEP_FORMAT "step %4d/3: train loss %.6f (%.6f ms, %d tok/s)\n"
#define STEP(n) "step    " #n "/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n"
// Steps from 900 on are printed by processes that must stay dark.
#define CHILD_STEP "step  900/3: train loss 9.900000 (1.000000 ms, 1000 tok/s)\n"

static inline long settle_milliseconds(void) {
  const char *given = getenv("SETTLE_MS");
  return given ? atoi(given) : 200;
}

// Waits as long as a tracker may need to notice what was printed; nothing is flushed. A host that runs alone
// need not wait: the runner sets SETTLE_MS for both.
static inline void settle_blindly(void) {
  struct timespec wait = {0, settle_milliseconds() * 1000L * 1000L};
  while (nanosleep(&wait, &wait) != 0) {
  }
}

// The same, and on a busy machine longer: until there is a run, three seconds more at most.
static inline void settle(void) {
  static bool begun;
  const char *folder = getenv("TRACKSHIM_DIR"), *runs = getenv("SETTLE_FOR_RUN");
  char run[1024], target[2];
  snprintf(run, sizeof run, "%s/wandb/latest-run", folder ? folder : "");
  settle_blindly();
  const int error = errno;
  for (int more = 30; more > 0 && folder && runs && *runs == '1' && !begun; more--) {
    begun = readlink(run, target, sizeof target) > 0;
    struct timespec wait = {0, 100 * 1000L * 1000L};
    if (!begun) nanosleep(&wait, NULL);
  }
  errno = error;
}
