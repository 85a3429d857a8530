// Becomes another user, with threads: libc has each of them change its own, by a signal.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

static void *idle(void *unused) {
  (void)unused;
  settle();
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
  printf(CONFIG_ROW STEP(1));
  settle();
  int result = setgid(65534) | setuid(65534);
  printf("became %d: %d\n" STEP(2), (int)geteuid(), result);
  pthread_join(thread, NULL);
  printf("still %d\n", (int)geteuid());
  return 0;
}
