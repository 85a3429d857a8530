// Times one kind of call: timed_calls KIND SIZE CALLS BURSTS PAUSE_MS. Each burst's nanoseconds per call go to
// descriptor 3. It pauses between bursts, so that what is recorded has been taken before the next: a call that finds no
// room is cheaper. KIND: printf, write, fwrite, memcpy (what fwrite's copy costs by itself, into as much memory as a
// ring has).
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"

enum { COPIES_INTO = 4 << 20 };

static void call(char kind, char *text, size_t size) {
  static char *copies;
  static size_t at;
  if (kind == 'p') {
    printf("%.*s", (int)size, text);
  } else if (kind == 'f') {
    fwrite(text, 1, size, stdout);
  } else if (kind == 'w') {
    if (write(1, text, size) < 0) exit(1);
  } else {
    if (copies == NULL) copies = calloc(1, COPIES_INTO);
    if (copies == NULL) exit(1);
    memcpy(copies + at, text, size);
    at = at + 2 * size > COPIES_INTO ? 0 : at + size;
  }
}

int main(int argc, char **argv) {
  if (argc < 6) return 99;
  size_t size = (size_t)atol(argv[2]);
  long calls = atol(argv[3]), bursts = atol(argv[4]), pause = atol(argv[5]);
  printf("step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n");
  fflush(stdout);
  sleep_ms(200);
  char *text = malloc(size + 1);
  if (text == NULL) return 1;
  memset(text, 'x', size);
  text[size - 1] = '\n';
  text[size] = 0;
  for (long burst = 0; burst < bursts; burst++) {
    double began = seconds_by(CLOCK_MONOTONIC);
    for (long i = 0; i < calls; i++) call(argv[1][0], text, size);
    keep_figure((seconds_by(CLOCK_MONOTONIC) - began) / (double)calls);
    sleep_ms(pause);
  }
  return 0;
}
