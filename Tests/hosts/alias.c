// The same file by other numbers and names than 1: as node does with a terminal, and numpy's tofile.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void say(int fd, const char *text) {
  if (write(fd, text, strlen(text)) < 0) fputs("not written\n", stderr);
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  say(dup(1), "by a copy of the number\n");
  say(fcntl(1, F_DUPFD, 100), "by a copy with a high number\n");
  say(open("/dev/stdout", O_WRONLY | O_APPEND), "by /dev/stdout\n");
  printf(STEP(2));
  return 0;
}
