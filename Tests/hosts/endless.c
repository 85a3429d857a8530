// Numbered lines, some ten thousand a second, until somebody kills it.
#include <stdio.h>
#include <time.h>
#include "metric.h"

int main(void) {
  struct timespec pause = {0, 1000 * 1000};
  for (int line = 0;;) {
    for (int burst = 0; burst < 12; burst++, line++) printf("line %d, and text to make it as long as a step's\n", line);
    if (line % 1200 == 12) printf("step %4d/99999: train loss %.6f (1.000000 ms, 1000 tok/s)\n", line, 1.0 / line);
    nanosleep(&pause, NULL);
  }
}
