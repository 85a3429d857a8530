// main leaves by pthread_exit and there is no other thread of the host's.
#include <pthread.h>
#include <stdio.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  settle();
  printf(STEP(2));
  pthread_exit(NULL);
}
