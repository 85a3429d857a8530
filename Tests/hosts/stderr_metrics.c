// Many trainers print their metrics to stderr.
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf("stdout has words only\n");
  fprintf(stderr, STEP_FORMAT, 1, 4.5, 1.0, 1000);
  fputs(STEP(2), stderr);
  if (write(2, STEP(3), strlen(STEP(3))) < 0) return 3;
  perror("an error text");
  printf("the end\n");
  return 0;
}
