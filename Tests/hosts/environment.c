// The environment as the host sees it, and as its children get it once the run has begun.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "metric.h"

extern char **environ;

static int by_text(const void *left, const void *right) { return strcmp(*(char *const *)left, *(char *const *)right); }

static void show_own(void) {
  char *sorted[200];
  size_t count = 0;
  for (char **entry = environ; *entry && count < 200; entry++)
    if (strncmp(*entry, "LD_PRELOAD=", 11) != 0 && strncmp(*entry, "SETTLE_", 7) != 0) sorted[count++] = *entry;
  qsort(sorted, count, sizeof *sorted, by_text);
  for (size_t i = 0; i < count; i++) fprintf(stderr, "own %s\n", sorted[i]);
}

int main(void) {
  show_own();
  printf(STEP(1));
  settle();
  show_own();
  fflush(stdout);
  return system("env | grep -v SETTLE_ | sort | sed 's/^/child: /'");
}
