// Prints before main and after it.
#include <stdio.h>
#include "metric.h"

__attribute__((constructor)) static void before(void) { printf("before main\n" STEP(1)); }

__attribute__((destructor)) static void after(void) {
  printf("after main\n");
  fflush(stdout);
}

int main(void) {
  printf(STEP(2));
  return 0;
}
