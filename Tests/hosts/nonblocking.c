// A full non-blocking pipe as descriptor 1: short writes and EAGAIN, every accepted byte comes out.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  static char block[10007];
  int pipes[2];
  long accepted = 0, result, read_back = 0;
  printf(STEP(1));
  fflush(stdout);
  int saved = dup(1);
  if (pipe2(pipes, O_NONBLOCK) != 0 || dup2(pipes[1], 1) != 1) return 3;
  for (size_t i = 0; i < sizeof block; i++) block[i] = i % 50 == 49 ? '\n' : 'x';
  while ((result = write(1, block, sizeof block)) > 0) accepted += result;
  fprintf(stderr, "accepted %ld, then %ld errno is EAGAIN: %d\n", accepted, result, errno == EAGAIN);
  while ((result = read(pipes[0], block, sizeof block)) > 0) read_back += result;
  fprintf(stderr, "read back %ld\n", read_back);
  if (saved >= 0) dup2(saved, 1);
  return 0;
}
