// A polite loop: it asks whether it is to stop, and comes to its end by itself.
#include <stdio.h>
#include <time.h>
#include <trackshim.h>

int main(void) {
  for (int step = 1; step <= 2000; step++) {
    trackshim_log(step, "loss", 1.0 / step);
    if (trackshim_stop_requested()) {
      printf("stopped, and the checkpoint is written\n");
      return 0;
    }
    nanosleep(&(struct timespec){0, 5000000}, NULL);
  }
  return 1;
}
