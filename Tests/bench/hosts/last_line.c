// Prints steps and ends: last_line STEPS PAUSE_MS. Its figure: the time of day after the last one.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "figures.h"

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  long steps = atol(argv[1]), pause = atol(argv[2]);
  for (long step = 1; step <= steps; step++) {
    if (step > 1) sleep_ms(pause);
    printf("step %5ld/%ld: train loss %f (1.000000 ms, 1000 tok/s)\n", step, steps, 5.0 / (double)step);
  }
  keep_figure(seconds_by(CLOCK_REALTIME));
  return 0;
}
