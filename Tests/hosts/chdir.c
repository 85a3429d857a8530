// The working directory changes while the run is being written.
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  mkdir("below", 0755);
  if (chdir("below") != 0) return 3;
  printf("in another directory\n");
  fflush(stdout);
  settle();
  printf(STEP(2));
  return 0;
}
