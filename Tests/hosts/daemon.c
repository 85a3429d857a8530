// daemon(3): the process that was started ends inside libc, and a child of it goes on.
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
#ifndef AT_ONCE
  printf(STEP(1));
  printf(STEP(2));
  fflush(stdout);
  settle();
#endif
  if (daemon(1, 1) != 0) return 3;
  printf(CHILD_STEP);
  printf("child: the daemon goes on\n");
  fflush(stdout);
  settle();
  fprintf(stderr, "child: ends\n");
  return 0;
}
