// Prints steps at a pace, a few lines on stderr too: steady STEPS PAUSE_MS. Ends with 3.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  long steps = argc > 1 ? atol(argv[1]) : 40, pause = argc > 2 ? atol(argv[2]) : 5;
  for (long step = 1; step <= steps; step++) {
    printf("step %4ld/%ld: train loss %f (1.000000 ms, 1000 tok/s)\n", step, steps, 5.0 / (double)step);
    if (step % 10 == 0 && pause > 0) fprintf(stderr, "saved at %ld\n", step);
    struct timespec left = {0, pause * 1000000};
    if (pause > 0) nanosleep(&left, NULL);
  }
  return 3;
}
