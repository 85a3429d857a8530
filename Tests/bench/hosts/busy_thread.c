// A library to preload that starts a thread and lets it compute: what a program pays on this machine for any company.
#include <pthread.h>

static void *compute_for_ever(void *nothing) {
  for (volatile unsigned long count = 0;; count++) {
  }
  return nothing;
}

__attribute__((constructor)) static void start(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, compute_for_ever, NULL) == 0) pthread_detach(thread);
}
