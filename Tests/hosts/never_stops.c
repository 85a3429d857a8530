// main returns while another thread goes on printing as fast as it can.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

static void *print_on(void *unused) {
  (void)unused;
  for (int i = 0;; i++) printf("line %d that nobody waits for\n", i);
  return NULL;
}

int main(void) {
  pthread_t thread;
  printf(STEP(1));
  pthread_create(&thread, NULL, print_on, NULL);
  usleep(50000);
  return 5;
}
