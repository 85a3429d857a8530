// posix_spawn and vfork share memory with their child for a moment, while a timer interrupts at 10 kHz.
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

extern char **environ;
static volatile sig_atomic_t ticks;

static void tick(int number) {
  (void)number;
  ticks++;
}

static int spawn(void) {
  char *arguments[] = {"true", NULL};
  pid_t child = 0;
  int status = -1;
  if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) != 0) return -1;
  while (waitpid(child, &status, 0) < 0) {
  }
  return status;
}

int main(void) {
  struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
  struct itimerval fast = {{0, 100}, {0, 100}}, off = {{0, 0}, {0, 0}};
  int failed = 0;
  sigaction(SIGALRM, &action, NULL);
  printf(STEP(1));
  fflush(stdout);
  settle();
  setitimer(ITIMER_REAL, &fast, NULL);
  for (int child = 0; child < 30; child++) {
    failed += spawn() != 0;
    printf("after child %d\n", child);
  }
  while (ticks < 100) pause();
  setitimer(ITIMER_REAL, &off, NULL);
  printf("failed %d\n", failed);
  printf(STEP(2));
  return 0;
}
