// After close(1) the next open gets number 1: a binary checkpoint, not the console.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  unsigned char block[2000];
  for (size_t i = 0; i < sizeof block; i++) block[i] = (unsigned char)(i * 7);
  printf(STEP(1) "the last line for the console\n");
  fflush(stdout);
#ifdef AFTER_CLAIM
  settle();
#endif
  close(1);
  int file = open("checkpoint.bin", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  fprintf(stderr, "descriptor %d\n", file);
  if (write(file, block, sizeof block) != sizeof block) return 3;
  if (write(file, "CHECKPOINT\n", 11) != 11) return 4;
  FILE *again = fdopen(file, "w");
  fprintf(again, "CHECKPOINT by stdio\n" CHILD_STEP);
  fclose(again);
  return 0;
}
