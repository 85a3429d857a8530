// A signal handler writes lines at 10 kHz while the program prints; 2000 lines, then it stops.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
#include "metric.h"

static volatile sig_atomic_t ticks;

static void tick(int number) {
  (void)number;
  int before = errno;
  if (ticks < 2000) {
    char line[] = "tick 0000\n";
    int left = ticks++;
    for (int digit = 8; digit > 4; digit--, left /= 10) line[digit] = (char)('0' + left % 10);
    if (write(1, line, 10) < 0) ticks = ticks;
  }
  errno = before;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 4096);
  signal(SIGALRM, tick);
  struct itimerval fast = {{0, 100}, {0, 100}}, off = {{0, 0}, {0, 0}};
  printf(STEP(1));
  setitimer(ITIMER_REAL, &fast, NULL);
  for (int line = 0; line < 2000; line++) printf("main line %d\n", line);
  while (ticks < 2000) pause();
  setitimer(ITIMER_REAL, &off, NULL);
  printf(STEP(2));
  return 0;
}
