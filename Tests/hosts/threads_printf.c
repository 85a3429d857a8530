// Eight threads print whole lines through one FILE.
#include <pthread.h>
#include <stdio.h>
#include "metric.h"

static void *talk(void *number) {
  for (int line = 0; line < 400; line++) printf("thread %ld line %d with some text after it\n", (long)number, line);
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  printf(STEP(1));
  for (long i = 0; i < 8; i++) pthread_create(&threads[i], NULL, talk, (void *)i);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  printf(STEP(2));
  return 0;
}
