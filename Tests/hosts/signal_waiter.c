// A program that waits for its signals with sigwait, those of a fault among them, in a thread of its own: they are
// blocked everywhere else, and meant for it.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

static sigset_t waited;

static void *wait_for_two(void *unused) {
  (void)unused;
  for (int i = 0; i < 2; i++) {
    int signal = 0;
    sigwait(&waited, &signal);
    printf("waited for %d\n", signal);
    fflush(stdout);
  }
  return NULL;
}

int main(void) {
  pthread_t thread;
  sigemptyset(&waited);
  sigaddset(&waited, SIGABRT);
  sigaddset(&waited, SIGFPE);
  pthread_sigmask(SIG_BLOCK, &waited, NULL);
  printf(STEP(1));
  fflush(stdout);
  settle();
  // Nobody waits yet, so the kernel looks for whoever has it open.
  kill(getpid(), SIGABRT);
  settle();
  pthread_create(&thread, NULL, wait_for_two, NULL);
  settle();
  kill(getpid(), SIGFPE);
  pthread_join(thread, NULL);
  printf(STEP(2));
  return 0;
}
