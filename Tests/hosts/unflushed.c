// Prints one metric line into its buffer, tells the time on stderr, and never flushes.
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  struct timespec now;
  printf(STEP(1));
  clock_gettime(CLOCK_REALTIME, &now);
  dprintf(2, "%lld.%09ld\n", (long long)now.tv_sec, now.tv_nsec);
  sleep(10);
  return 0;
}
