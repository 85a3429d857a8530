// write() to a full pipe, interrupted by a signal: a part first, then EINTR.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "metric.h"

static void tick(int number) { (void)number; }

static void attempt(const char *text, size_t size) {
  errno = 0;
  long written = write(1, text, size);
  fprintf(stderr, "written %ld errno %d\n", written, errno);
}

int main(void) {
  int ends[2], console;
  static char text[1 << 17];
  struct sigaction action = {.sa_handler = tick};
  struct itimerval often = {{0, 20000}, {0, 20000}}, off = {{0, 0}, {0, 0}};
  printf(STEP(1));
  fflush(stdout);
  settle();
  memset(text, 'x', sizeof text);
  if (pipe(ends) != 0 || (console = dup(1)) < 0) fputs("no stdout\n", stderr);
  dup2(ends[1], 1);
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  attempt(text, sizeof text);
  attempt(text, sizeof text);
  setitimer(ITIMER_REAL, &off, NULL);
  if (read(ends[0], text, sizeof text) < 0) return 3;
  attempt("\n", 1);
  dup2(console, 1);
  printf(STEP(2));
  return 0;
}
