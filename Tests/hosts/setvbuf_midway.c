// The buffering changes while text waits in the buffer and a tracker has looked at it.
#include <stdio.h>
#include "metric.h"

static char memory[8192];

int main(void) {
  printf(STEP(1));
  settle();
  fflush(stdout);
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("unbuffered now\n");
  printf(STEP(2));
  setvbuf(stdout, memory, _IOFBF, sizeof memory);
  printf("buffered in the host's own memory\n");
  settle();
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf(STEP(3));
  return 0;
}
