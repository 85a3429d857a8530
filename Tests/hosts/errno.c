// What errno holds after each call, successful or not.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "metric.h"

static int seen[64];
static int count;

#define NOTE(call)            \
  do {                        \
    errno = 77;               \
    if ((long)(call) < 0)     \
      seen[count++] = -errno; \
    else                      \
      seen[count++] = errno;  \
  } while (0)

static void all(void) {
  struct iovec pieces[] = {{"writev\n", 7}};
  NOTE(printf(STEP(1)));
  NOTE(fflush(stdout));
  NOTE(puts("puts"));
  NOTE(fflush(stdout));
  NOTE(write(1, "write\n", 6));
  NOTE(writev(1, pieces, 1));
  NOTE(dprintf(1, "dprintf\n"));
  NOTE(fprintf(stderr, "stderr\n"));
  NOTE(write(2, "stderr by write\n", 16));
  NOTE(write(99, "nowhere\n", 8));
  NOTE(write(1, "", 0));
}

int main(void) {
  all();
  settle();
  all();
  fflush(stdout);
  for (int i = 0; i < count; i++) fprintf(stderr, "call %d errno %d\n", i, seen[i]);
  return 0;
}
