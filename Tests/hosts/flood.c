// Far more than the ring holds, as fast as the host can: the host must not wait, so some will be lost.
#include <stdio.h>
#include "metric.h"

int main(void) {
  for (int step = 1; step <= 600000; step++)
    printf("step %4d/600000: train loss %.6f (%.6f ms, %d tok/s)\n", step, 4.5 / step, 1.0, 1000);
  return 0;
}
