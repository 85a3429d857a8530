// A library to preload that starts a thread and lets it sleep: what any program pays that has more than one.
#include <pthread.h>
#include <unistd.h>

static void *sleep_for_ever(void *nothing) {
  for (;;) pause();
  return nothing;
}

__attribute__((constructor)) static void start(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0) pthread_detach(thread);
}
