// A program of which one knows what it uses: RESIDENT MB touched, SECONDS busy on one thread and on one child.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void be_busy(double seconds) {
  for (double end = now() + seconds; now() < end;) continue;
}

int main(int argc, char **argv) {
  size_t size = argc > 1 ? (size_t)atoi(argv[1]) << 20 : 0;
  double seconds = argc > 2 ? atof(argv[2]) : 0;
  volatile char *memory = malloc(size + 1);
  for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
  printf("step 1/2: train loss 1.5 (10.0 ms, 5 tok/s)\n");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    be_busy(seconds);
    _exit(0);
  }
  be_busy(seconds);
  waitpid(child, NULL, 0);
  printf("step 2/2: train loss 1.4 (10.0 ms, 5 tok/s)\n");
  return 0;
}
