// dprintf into a full non-blocking pipe: some of its text was taken, nobody is told how much.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  static char text[9001];
  int pipes[2], result, calls = 0;
  long read_back = 0, got;
  printf(STEP(1));
  fflush(stdout);
  int saved = dup(1);
  if (pipe2(pipes, O_NONBLOCK) != 0 || dup2(pipes[1], 1) != 1) return 3;
  memset(text, 'x', sizeof text - 1);
  for (int at = 49; at < 9000; at += 50) text[at] = '\n';
  while ((result = dprintf(1, "%s", text)) > 0) calls++;
  fprintf(stderr, "%d calls, then %d errno is EAGAIN: %d\n", calls, result, errno == EAGAIN);
  while ((got = read(pipes[0], text, sizeof text)) > 0) read_back += got;
  fprintf(stderr, "read back %ld\n", read_back);
  if (saved >= 0) dup2(saved, 1);
  printf(STEP(2));
  return 0;
}
