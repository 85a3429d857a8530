// A spawned program that prints a perfect metric line is a child, not a second run.
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "metric.h"

extern char **environ;

int main(void) {
  char line[] = CHILD_STEP;
  line[strlen(line) - 1] = 0;
  char *arguments[] = {"echo", line, NULL};
  printf(STEP(1));
  fflush(stdout);
  settle();
  pid_t child = 0;
  if (posix_spawn(&child, "/bin/echo", NULL, NULL, arguments, environ) != 0) return 3;
  waitpid(child, NULL, 0);
  printf(STEP(2));
  return 0;
}
