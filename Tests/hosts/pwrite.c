// Positioned writes: they succeed on a file only, and leave the file offset where it was.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  const char *lines[] = {STEP(1), "placed by pwrite\n", STEP(2)};
  off_t at = 0;
  for (int i = 0; i < 3; i++) {
    errno = 0;
    ssize_t written = pwrite(1, lines[i], strlen(lines[i]), at);
    fprintf(stderr, "pwrite %zd errno %d\n", written, errno);
    at += (off_t)strlen(lines[i]);
  }
  struct iovec last = {"placed by pwritev\n", 18};
  errno = 0;
  ssize_t written = pwritev(1, &last, 1, at);
  fprintf(stderr, "pwritev %zd errno %d\n", written, errno);
  return 0;
}
