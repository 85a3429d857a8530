// A step every 5 ms, each flushed, and at the end how many of them took longer than anybody would bear:
// unhurried STEPS. Ends with 3.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv) {
  long steps = argc > 1 ? atol(argv[1]) : 40, slow = 0;
  for (long step = 1; step <= steps; step++) {
    double began = seconds();
    printf("step %4ld/%ld: train loss %f (1.000000 ms, 1000 tok/s)\n", step, steps, 5.0 / (double)step);
    fflush(stdout);
    slow += seconds() - began > 2;
    nanosleep(&(struct timespec){0, 5000000}, NULL);
  }
  printf("slow steps: %ld\n", slow);
  fflush(stdout);
  return 3;
}
