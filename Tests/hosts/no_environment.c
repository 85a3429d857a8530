// A program that throws its environment away, before or after it is known to be a trainer.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include "metric.h"

extern char **environ;

int main(void) {
#ifdef AT_ONCE
  clearenv();
#endif
  printf(STEP(1));
  fflush(stdout);
  settle();
  environ = NULL;
  setenv("OWN", "1", 1);
  printf("%s\n", environ[0]);
  printf(STEP(2));
  return 0;
}
