// Eight threads write whole lines with write(2), no lock between them.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void *talk(void *number) {
  for (int line = 0; line < 400; line++) {
    char text[80];
    int length = snprintf(text, sizeof text, "thread %ld line %d\n", (long)number, line);
    if (write(1, text, (size_t)length) < 0) return NULL;
  }
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  if (write(1, STEP(1), strlen(STEP(1))) < 0) fputs("no stdout\n", stderr);
  for (long i = 0; i < 8; i++) pthread_create(&threads[i], NULL, talk, (void *)i);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  return 0;
}
