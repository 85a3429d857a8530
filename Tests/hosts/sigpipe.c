// Nobody reads any more: SIGPIPE ends the host, its status must not change.
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  int pipes[2];
  printf(STEP(1));
  fflush(stdout);
  settle();
  if (pipe(pipes) != 0) return 3;
  dup2(pipes[1], 1);
  close(pipes[0]);
  printf("elsewhere: to nobody\n");
  fflush(stdout);
  return 5;
}
