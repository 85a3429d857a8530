// A fork before anything is printed: both sides are new to a tracker.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  pid_t child = fork();
  if (child == 0) {
    printf("child: nothing worth tracking\n");
    return 0;
  }
  waitpid(child, NULL, 0);
  printf(STEP(1) STEP(2));
  return 0;
}
