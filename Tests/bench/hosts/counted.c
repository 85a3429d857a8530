// Does one thing so many times, for a counter of instructions: counted KIND COUNT [SIZE]. KIND: printf (lines of 80
// bytes into a buffer of SIZE), write (80 bytes each). It begins as a run and waits until that is recorded.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  long count = atol(argv[2]);
  if (argc > 3) {
    size_t size = (size_t)atol(argv[3]);
    setvbuf(stdout, malloc(size), _IOFBF, size);
  }
  printf("step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n");
  fflush(stdout);
  sleep_ms(500);
  char line[81];
  snprintf(line, sizeof line, "%078d\n", 1);
  for (long i = 0; i < count; i++) {
    if (strcmp(argv[1], "printf") == 0)
      printf("%079ld\n", i);
    else if (write(1, line, 80) != 80)
      return 1;
  }
  return 0;
}
