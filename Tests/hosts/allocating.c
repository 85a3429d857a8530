// A program that asks for memory between its lines, on the thread that prints.
#include <stdio.h>
#include <stdlib.h>
#include "metric.h"

int main(void) {
  for (int step = 1; step <= 3; step++) {
    printf(STEP_FORMAT, step, 4.5, 1.0, 1000);
    fflush(stdout);
    settle();
    for (int block = 0; block < 10; block++) {
      char *volatile memory = malloc(100);
      free(memory);
    }
  }
  return 0;
}
