// A limit of four open files: 0, 1, 2 and one more.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include "metric.h"

int main(void) {
  struct rlimit four = {4, 4};
  setrlimit(RLIMIT_NOFILE, &four);
  printf(STEP(1));
  fflush(stdout);
  settle();
  int one = open("/dev/null", O_RDONLY), two = open("/dev/null", O_RDONLY);
  fprintf(stderr, "one %d two %d errno %d\n", one, two, errno);
  printf(STEP(2));
  return 0;
}
