// A process that nobody may look into: its own /proc folder belongs to root then.
#include <stdio.h>
#include <sys/prctl.h>
#include "metric.h"

int main(void) {
  prctl(PR_SET_DUMPABLE, 0);
  printf(STEP(1));
  fflush(stdout);
  settle();
  printf(STEP(2));
  return 0;
}
