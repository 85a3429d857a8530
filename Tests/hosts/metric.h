// Lines in the grammar of the seed's trainer, so that a host is worth tracking.
#pragma once
#include <stdlib.h>
#include <time.h>

#define CONFIG_ROW "| max_steps             | 3                                                  |\n"
#define STEP_FORMAT "step %4d/3: train loss %.6f (%.6f ms, %d tok/s)\n"
#define STEP(n) "step    " #n "/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n"
// Steps from 900 on are printed by processes that must stay dark.
#define CHILD_STEP "step  900/3: train loss 9.900000 (1.000000 ms, 1000 tok/s)\n"

// Waits until a tracker must have noticed what was printed; nothing is flushed. A host that runs
// alone need not wait: the runner sets SETTLE_MS for both.
static inline void settle(void) {
  const char *given = getenv("SETTLE_MS");
  struct timespec wait = {0, (given ? atoi(given) : 200) * 1000L * 1000L};
  while (nanosleep(&wait, &wait) != 0) {
  }
}
