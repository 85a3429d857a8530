// main leaves by pthread_exit; the process lives until its last thread is done, and no longer.
#include <pthread.h>
#include <stdio.h>
#include "metric.h"

static void *rest(void *unused) {
  (void)unused;
  settle();
  printf(STEP(2));
  printf("the last thread is done\n");
  return NULL;
}

int main(void) {
  pthread_t thread;
  printf(STEP(1));
  pthread_create(&thread, NULL, rest, NULL);
  pthread_detach(thread);
  pthread_exit(NULL);
}
