// A shell and its commands in the middle of the training.
#include <stdio.h>
#include <stdlib.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  int status = system("echo 'child: by system'; echo 'child: again' | cat");
  printf("status %d\n", status);
  FILE *pipe = popen("echo read by the parent", "r");
  char line[80] = "";
  if (pipe && fgets(line, sizeof line, pipe)) printf("popen: %s", line);
  if (pipe) printf("pclose %d\n", pclose(pipe));
  printf(STEP(2));
  return 0;
}
