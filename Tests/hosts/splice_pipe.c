// From pipe to stdout inside the kernel: nobody can copy it, so it must only pass unharmed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  int pipes[2];
  if (pipe(pipes) != 0 || write(pipes[1], "elsewhere: through a pipe\n", 26) != 26) return 3;
  printf(STEP(1));
  fflush(stdout);
  long moved = splice(pipes[0], NULL, 1, NULL, 26, 0);
  fprintf(stderr, "splice %ld errno %d\n", moved, moved < 0 ? errno : 0);
  printf(STEP(2));
  return 0;
}
