// One line of 300 000 bytes, then ordinary ones.
#include <stdio.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  for (int i = 0; i < 300000; i++) putchar('a' + i % 26);
  printf("\n" STEP(2));
  return 0;
}
