// A library whose constructor prints with each interposed call, perhaps before our own has run.
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "metric.h"

__attribute__((constructor)) static void early(void) {
  struct iovec piece = {"early by writev\n", 16};
  if (write(1, "early by write\n", 15) < 0 || writev(1, &piece, 1) < 0) fputs("early: no stdout\n", stderr);
  dprintf(1, "early by dprintf\n");
  printf("early by printf\n");
  fflush(stdout);
}
