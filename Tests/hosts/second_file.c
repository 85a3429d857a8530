// Two FILEs over one descriptor: only their flushes say in which order the bytes appear.
#include <stdio.h>
#include "metric.h"

int main(void) {
  FILE *second = fdopen(1, "w");
  printf(STEP(1));
  if (second) {
    fprintf(second, "from the second FILE, flushed first\n");
    fprintf(second, STEP(2));
    fflush(second);
  }
  fprintf(stdout, STEP(3));
  return 0;
}
