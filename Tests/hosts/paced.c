// A line with the time of its printing every 20 ms for two seconds, never flushed.
#include <stdio.h>
#include <time.h>
#include "metric.h"

int main(void) {
  struct timespec now, pause = {0, 20 * 1000 * 1000};
  printf(STEP(1));
  for (int line = 0; line < 100; line++) {
    clock_gettime(CLOCK_REALTIME, &now);
    printf("stamp %d %lld.%09ld\n", line, (long long)now.tv_sec, now.tv_nsec);
    nanosleep(&pause, NULL);
  }
  return 0;
}
