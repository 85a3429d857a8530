// Prints a metric and logs another at the same step: the print waits in stdio's buffer, the call does not.
#include <stdio.h>
#include <time.h>
#include <trackshim.h>

int main(void) {
  for (int step = 1; step <= 60; step++) {
    printf("step %4d/60: train loss %.6f (1.000000 ms, 1000 tok/s)\n", step, 1.0 / step);
    trackshim_log(step, "extra", step * 2.0);
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  return 0;
}
