// A program that runs into its limit of memory, hears so from malloc, and goes on.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "metric.h"

static void limit_to_what_is_used(size_t more) {
  long pages = 0;
  FILE *used = fopen("/proc/self/statm", "r");
  if (used == NULL || fscanf(used, "%ld", &pages) != 1) exit(77);
  fclose(used);
  size_t bytes = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE) + more;
  struct rlimit limit = {bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
}

int main(void) {
  static void *blocks[1000];
  int count = 0;
#ifndef AT_ONCE
  printf(STEP(1));
  fflush(stdout);
  settle();
#endif
  limit_to_what_is_used(1 << 20);
  while (count < 1000 && (blocks[count] = malloc(60000)) != NULL) count++;
  printf("out of memory: %d\n", count < 1000);
  for (int line = 0; line < 5000; line++) printf("without memory, line %d of many different ones\n", line);
  fflush(stdout);
  settle();
  printf(STEP(2));
  while (count > 0) free(blocks[--count]);
  return 5;
}
