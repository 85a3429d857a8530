// A burst of about 3 MB, as fast as the host can: less than the ring holds, so nothing may be lost.
#include <stdio.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  for (int i = 0; i < 36000; i++)
    printf("line %d %s\n", i, "of a burst that a slow listener would have to drop some of, perhaps");
  printf(STEP(2));
  return 0;
}
