// write() is a cancellation point: a thread blocked in it must end when cancelled.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void *blocked(void *unused) {
  static char block[1 << 20];
  int pipes[2];
  if (pipe(pipes) == 0) {
    while (write(pipes[1], block, sizeof block) > 0) {
    }
  }
  return unused;
}

static void *writing(void *unused) {
  for (;;)
    if (write(1, "", 0) < 0) pthread_testcancel();
  return unused;
}

static void cancelled(void *(*body)(void *), const char *name) {
  pthread_t thread;
  void *result = NULL;
  pthread_create(&thread, NULL, body, NULL);
  settle();
  pthread_cancel(thread);
  pthread_join(thread, &result);
  printf("%s cancelled: %d\n", name, result == PTHREAD_CANCELED);
}

int main(void) {
  printf(STEP(1));
  cancelled(blocked, "blocked");
  cancelled(writing, "writing");
  printf(STEP(2));
  return 0;
}
