// The numbers that open() gives and the entries of /proc/self/fd, before and after a run has begun.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

static int entries(void) {
  int count = 0;
  DIR *directory = opendir("/proc/self/fd");
  while (directory && readdir(directory)) count++;
  if (directory) closedir(directory);
  return count;
}

static void report(const char *when) {
  int first = open("/dev/null", O_RDONLY), second = open("/dev/null", O_RDONLY);
  fprintf(stderr, "%s: open gives %d and %d, %d entries\n", when, first, second, entries());
  close(second);
  close(first);
}

int main(void) {
  report("at the start");
  printf(STEP(1));
  fflush(stdout);
  report("just after the first metric");
  settle();
  report("a while later");
  close(0);
  fprintf(stderr, "reused number %d\n", open("/dev/null", O_RDONLY));
  printf(STEP(2));
  return 0;
}
