// exit_handlers FILE [WORD]: an exit handler that was there before the first output writes the time at which it
// ran to FILE, and prints WORD. Without WORD there is a second thread, which lives on.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *file, *word;

static void at_exit(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  FILE *out = fopen(file, "w");
  fprintf(out, "%.6f\n", now.tv_sec + now.tv_nsec / 1e9);
  fclose(out);
  if (word) printf("%s\n", word);
}

static void *live_on(void *unused) {
  for (;;) pause();
  return unused;
}

int main(int argc, char **argv) {
  file = argv[1];
  word = argc > 2 ? argv[2] : NULL;
  atexit(at_exit);
  pthread_t thread;
  if (!word) pthread_create(&thread, NULL, live_on, NULL);
  for (int i = 1; i <= 20; i++) {
    printf("step %4d/20: train loss %f (1.000000 ms, 1001 tok/s)\n", i, 4.0 / i);
    usleep(5000);
  }
  return 0;
}
