// The same program with and without the library: it is linked without, and the calls come alive when it is preloaded.
//
//     cc -o optional optional.c -lm
//     ./optional                                          # trains, records nothing
//     LD_PRELOAD=/path/to/libtrackshim.so ./optional      # trains, and is a run
//
// It checks what each call answers. A real program need not: the answers are advice.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TRACKSHIM_OPTIONAL
#include "trackshim.h"

enum { STEPS = 20 };

static trackshim_status expected = TRACKSHIM_OK;

static void check(trackshim_status answer, const char *call) {
  if (answer == expected) return;
  fprintf(stderr, "%s answered %d instead of %d\n", call, answer, expected);
  exit(1);
}

// Without the library every text is empty and every answer "inactive".
static void check_without(void) {
  if (*trackshim_version()) return;
  if (trackshim_active() || *trackshim_run_id() || *trackshim_status_name(TRACKSHIM_OK)) {
    fprintf(stderr, "there is no library, and something answers\n");
    exit(1);
  }
}

int main(void) {
  const double first_rate = 0.2;
  check_without();
  if (!trackshim_active()) expected = TRACKSHIM_INACTIVE;
  check(trackshim_config_double("learning_rate", first_rate), "trackshim_config_double");

  double weight = 0;
  for (int step = 1; step <= STEPS; step++) {
    double gradient = 2 * (weight - 3), loss = (weight - 3) * (weight - 3);
    double rate = first_rate * (STEPS + 1 - step) / STEPS;
    printf("step %d/%d: loss %.6f\n", step, STEPS, loss);
    trackshim_metric row[] = {{"lr", rate}, {"grad_norm", fabs(gradient)}};
    check(trackshim_log_row(step, row, 2), "trackshim_log_row");
    weight -= rate * gradient;
  }

  check(trackshim_flush(10), "trackshim_flush");
  if ((*trackshim_run_id() != 0) != (expected == TRACKSHIM_OK)) {
    fprintf(stderr, "the run's id is \"%s\"\n", trackshim_run_id());
    return 1;
  }
  check(trackshim_finish(0), "trackshim_finish");
  return 0;
}
