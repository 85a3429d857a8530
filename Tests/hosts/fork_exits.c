// Children that end in each way there is; none may end the parent's run or wait for its worker.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

static int ending(int way) {
  pid_t child = fork();
  if (child == 0) {
    switch (way) {
      case 0: _exit(10);
      case 1: exit(11);
      case 2: quick_exit(12);
      case 3: abort();
      default: execl("/bin/true", "true", (char *)NULL);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  for (int way = 0; way < 5; way++) {
    printf("way %d: %x\n", way, (unsigned)ending(way));
    fflush(stdout);
  }
  printf(STEP(2));
  return 0;
}
