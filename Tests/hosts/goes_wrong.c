// A loss that is NaN from step 5 on, a speed that falls at step 8, then silence.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  for (int step = 1; step <= 8; step++) {
    if (step < 5)
      printf("step %d: train loss 1.5 (10.0 ms, 5000 tok/s)\n", step);
    else
      printf("step %d: train loss nan (10.0 ms, %d tok/s)\n", step, step < 8 ? 5000 : 50);
    fflush(stdout);
    usleep(50000);
  }
  sleep(60);
  return 0;
}
