// The smallest use of trackshim.h: start, log, finish.
//
//     cc -o train_hook train_hook.c -ltrackshim -lm
//
// It checks what each call answers. A real program need not: the answers are advice.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "trackshim.h"

enum { STEPS = 20 };

// TRACKSHIM_INACTIVE when tracking is switched off (TRACKSHIM_MODE=disabled): then it is for all calls.
static trackshim_status expected = TRACKSHIM_OK;

static void check(trackshim_status answer, const char *call) {
  if (answer == expected) return;
  fprintf(stderr, "%s answered %d instead of %d\n", call, answer, expected);
  exit(1);
}

int main(void) {
  trackshim_status started = trackshim_start(NULL);
  if (started == TRACKSHIM_INACTIVE) expected = TRACKSHIM_INACTIVE;
  check(started, "trackshim_start");

  double weight = 0, before = NAN; // no loss yet, so no gain over it: NaN is recorded as such
  for (int step = 1; step <= STEPS; step++) {
    double loss = (weight - 3) * (weight - 3);
    weight -= 0.1 * 2 * (weight - 3);
    check(trackshim_log(step, "train_loss", loss), "trackshim_log");
    check(trackshim_log(step, "gain", before - loss), "trackshim_log");
    before = loss;
  }
  printf("the weight is %.3f after %d steps\n", weight, STEPS);

  check(trackshim_finish(0), "trackshim_finish");
  return 0;
}
