// stdout goes to a log file for a while and then comes back.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  int saved = dup(1);
  int file = open("log.txt", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  dup2(file, 1);
  printf("elsewhere: in the log file\n");
  fflush(stdout);
  dup2(saved, 1);
  printf("elsewhere: back again\n");
  return 0;
}
