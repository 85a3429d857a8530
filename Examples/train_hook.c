// The smallest use of trackshim.h: what the program does not print goes into the row of what it prints.
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
  fprintf(stderr, "%s answered %s instead of %s\n", call, trackshim_status_name(answer),
          trackshim_status_name(expected));
  exit(1);
}

int main(void) {
  const double first_rate = 0.2;
  if (!trackshim_active()) expected = TRACKSHIM_INACTIVE;
  check(trackshim_config_double("learning_rate", first_rate), "trackshim_config_double");
  check(trackshim_config_int("steps", STEPS), "trackshim_config_int");

  double weight = 0, before = NAN; // no loss yet, so no gain over it: NaN is recorded as such
  for (int step = 1; step <= STEPS; step++) {
    double gradient = 2 * (weight - 3), loss = (weight - 3) * (weight - 3);
    double rate = first_rate * (STEPS + 1 - step) / STEPS;
    printf("step %d/%d: loss %.6f\n", step, STEPS, loss);
    trackshim_metric row[] = {{"lr", rate}, {"grad_norm", fabs(gradient)}};
    check(trackshim_log_row(step, row, 2), "trackshim_log_row");
    check(trackshim_log(step, "gain", before - loss), "trackshim_log");
    weight -= rate * gradient;
    before = loss;
  }

  check(trackshim_summary_double("weight", weight), "trackshim_summary_double");
  check(trackshim_finish(0), "trackshim_finish"); // optional: the end of the program does it
  return 0;
}
