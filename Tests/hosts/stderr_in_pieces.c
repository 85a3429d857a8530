// Lines of stderr, each written in pieces, one line right behind the other, for a quarter of a second.
#include <stdio.h>
#include <time.h>
#include "metric.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(void) {
  setvbuf(stderr, NULL, _IONBF, 0);
  double end = now() + 0.25;
  for (int step = 1; now() < end; step++) {
    fputs("trainer.cc(88)", stderr);
    fputs(" LOG(INFO)", stderr);
    fprintf(stderr, " step=%d", step);
    fputs(" loss=0.5\n", stderr);
  }
  return 0;
}
