// The host's own handlers and masks: they must get their signals, on the host's threads.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

static pthread_t main_thread;
static volatile sig_atomic_t on_main, elsewhere;

static void seen(int number) {
  (void)number;
  if (pthread_equal(pthread_self(), main_thread))
    on_main++;
  else
    elsewhere++;
}

int main(void) {
  struct sigaction before[5];
  int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE};
  main_thread = pthread_self();
  printf(STEP(1));
  fflush(stdout);
  settle();
  for (int i = 0; i < 5; i++) sigaction(numbers[i], NULL, &before[i]);
  for (int i = 0; i < 5; i++) printf("default %d: %d\n", numbers[i], before[i].sa_handler == SIG_DFL);
  for (int i = 0; i < 5; i++) signal(numbers[i], seen);
  for (int round = 0; round < 100; round++) kill(getpid(), numbers[round % 5]);
  printf("on main %d, elsewhere %d\n", (int)on_main, (int)elsewhere);
  printf(STEP(2));
  return 0;
}
