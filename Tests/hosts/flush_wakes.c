// How many of 1,000 flushes took a nap of the library's thread (20 ms). They are asked for at all distances from the
// last answer: the thread may be just about to fall asleep.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>
#include <trackshim.h>

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(void) {
  int slow = 0;
  for (int step = 1; step <= 1000; step++) {
    double start = milliseconds();
    while (milliseconds() - start < step % 100 * 0.001) continue;
    trackshim_log(step, "loss", 1.0 / step);
    start = milliseconds();
    if (trackshim_flush(10) != TRACKSHIM_OK) return 1;
    slow += milliseconds() - start > 15;
  }
  printf("%d\n", slow);
  return 0;
}
