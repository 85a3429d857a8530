// One way to end, given as -DEND=..., with text flushed, text unflushed and text on stderr before it.
// -DSETTLE waits before: for deaths that nobody in the process sees, a run must have begun.
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "metric.h"

static void at_end(void) {
  printf("printed by an atexit handler\n" STEP(3));
#ifdef EXIT_AGAIN
  exit(9);
#endif
}

__attribute__((destructor)) static void very_late(void) { printf("printed by a destructor\n"); }

int main(void) {
  atexit(at_end);
  printf(CONFIG_ROW STEP(1));
#ifdef SETTLE
  fflush(stdout);
  settle();
#endif
  fputs("something on stderr\n", stderr);
  printf("flushed just before the end\n");
  fflush(stdout);
  printf(
      "not flushed: "
      "who knows whether it appears\n" STEP(2));
  END;
  return 6;
}
