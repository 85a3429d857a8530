// The working directory is removed below the program.
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  mkdir("gone", 0755);
  if (chdir("gone") != 0 || rmdir("../gone") != 0) return 3;
  printf(STEP(1));
  fflush(stdout);
  settle();
  printf(STEP(2));
  return 0;
}
