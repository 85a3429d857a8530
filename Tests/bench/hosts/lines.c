// Prints metric lines: lines COUNT [BURST PAUSE_MS [HOLD_MS [KIND]]]. After each BURST lines it pauses; at the end it
// flushes and holds, so that somebody can look at its threads and memory. KIND: seed (the default), text, keys:N.
// Its figures: seconds until then; those that its own thread has computed; the most memory that it had, in KiB; the
// seconds for which it had no core.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

static long number(int argc, char **argv, int at, long otherwise) { return argc > at ? atol(argv[at]) : otherwise; }

static void print_seed(long step, long steps) {
  printf("step %5ld/%ld: train loss %f (%f ms, %ld tok/s)\n", step, steps, 5.0 / (1.0 + (double)step / 4000.0),
         1.0 + (double)(step % 7), 1000 + step % 999);
}

// One key of `keys` a line, so that all of them come equally often.
static void print_key(long step, long keys) {
  printf("step %ld: metric_%ld %f\n", step, step % keys, 5.0 / (1.0 + (double)step / 4000.0));
}

static void print_text(long line) {
  printf("reading shard %ld of the corpus, which is a line like any other and holds no metric\n", line);
}

// The first is a metric, for without one there is no run. Of which kind it is decides how the others are read.
static void print_line(const char *kind, long line, long count) {
  if (strncmp(kind, "keys:", 5) == 0)
    print_key(line, atol(kind + 5));
  else if (line > 1 && strcmp(kind, "text") == 0)
    print_text(line);
  else
    print_seed(line, count);
}

int main(int argc, char **argv) {
  long count = number(argc, argv, 1, 1000), burst = number(argc, argv, 2, 0), pause = number(argc, argv, 3, 0);
  const char *kind = argc > 5 ? argv[5] : "seed";
  double began = seconds_by(CLOCK_MONOTONIC);
  for (long line = 1; line <= count; line++) {
    print_line(kind, line, count);
    if (burst > 0 && line % burst == 0) sleep_ms(pause);
  }
  fflush(stdout);
  keep_figure(seconds_by(CLOCK_MONOTONIC) - began);
  keep_figure(seconds_by(CLOCK_THREAD_CPUTIME_ID));
  keep_figure((double)peak_memory());
  keep_figure(waited_for_a_core());
  sleep_ms(number(argc, argv, 4, 0));
  return 0;
}
