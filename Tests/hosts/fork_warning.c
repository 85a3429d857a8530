// CPython from 3.12 on warns of a fork where the process has threads; so does this, and it is known by the same name.
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

const unsigned long Py_Version = 0x030C01F0;

static long threads(void) {
  char line[256];
  long count = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL) sscanf(line, "Threads: %ld", &count);
  if (status != NULL) fclose(status);
  return count;
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  pid_t child = fork();
  if (child == 0) _exit(0);
  if (threads() > 1) fputs("DeprecationWarning: This process is multi-threaded\n", stderr);
  waitpid(child, NULL, 0);
  printf(STEP(2));
  return 0;
}
