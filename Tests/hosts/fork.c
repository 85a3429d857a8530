// The child prints metrics too: it shares stdout, but the run is its parent's.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  pid_t child = fork();
  if (child == 0) {
    printf("child: started\n" CHILD_STEP);
    for (int i = 0; i < 100; i++) printf("child: line %d with enough text to need more than one flush\n", i);
    return 4;
  }
  int status = 0;
  waitpid(child, &status, 0);
  printf("its child ended with %d\n" STEP(2), WEXITSTATUS(status));
  return 0;
}
