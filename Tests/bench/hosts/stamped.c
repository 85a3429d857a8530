// Prints step lines and does not flush: stamped STEPS PAUSE_MS. The pauses differ, so that they do not fall into step
// with anybody who looks now and then. Its figures: the time of day at which each was printed.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "figures.h"

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  long steps = atol(argv[1]), pause = atol(argv[2]);
  for (long step = 1; step <= steps; step++) {
    double now = seconds_by(CLOCK_REALTIME);
    printf("step %5ld/%ld: train loss %f (1.000000 ms, 1000 tok/s)\n", step, steps, 5.0 / (double)step);
    keep_figure(now);
    long microseconds = pause * 500 + step * 7919 % (pause * 1000);
    struct timespec left = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&left, NULL);
  }
  return 0;
}
