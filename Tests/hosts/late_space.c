// The disk of the run is filled after step 50 and freed just before the end.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count < 2) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (int step = 1; step <= 300; step++) {
    printf("step %d/300: train loss 1.0 (1.0 ms, 10 tok/s)\n", step);
    usleep(3000);
    char command[4096];
    snprintf(command, sizeof command, "head -c 10M /dev/zero > '%s' 2>/dev/null", words[1]);
    if (step == 50 && system(command) < 0) return 3;
    if (step == 295) unlink(words[1]);
  }
  return 0;
}
