// A buffer that cannot be read: EFAULT on a pipe, success on /dev/null, which never looks.
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(page + 4096, 4096);
  errno = 0;
  long low = write(1, (void *)8, 10);
  fprintf(stderr, "write %ld errno %d\n", low, errno);
  errno = 0;
  struct iovec bad = {(void *)16, 10};
  long gathered = writev(1, &bad, 1);
  fprintf(stderr, "writev %ld errno %d\n", gathered, errno);
  errno = 0;
  long none = writev(1, (struct iovec *)8, 2);
  fprintf(stderr, "writev of nothing %ld errno %d\n", none, errno);
  errno = 0;
  long huge = write(2, (void *)8, (size_t)-1);
  fprintf(stderr, "write %ld errno %d\n", huge, errno);
  printf(STEP(2));
  return 0;
}
