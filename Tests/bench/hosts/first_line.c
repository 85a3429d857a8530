// Prints a step line, flushes it and stays a little, so that its end is no part of when the line was there.
#include <stdio.h>

#include "figures.h"

int main(void) {
  printf("step     1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n");
  fflush(stdout);
  sleep_ms(50);
  return 0;
}
