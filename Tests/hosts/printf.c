// The plainest trainer: printf, no flush, enough lines to fill the buffer several times.
#include <stdio.h>
#include "metric.h"

int main(int argc, char **argv) {
  (void)argv;
  printf("%s", CONFIG_ROW);
  for (int step = 1; step <= 3; step++) {
    printf(STEP_FORMAT, step, 4.5 / step, 1.0 * argc, 1000 + step);
    for (int line = 0; line < 60; line++) printf("note %d of step %d: %s\n", line, step, "all well");
  }
  printf("a last line without its newline");
  return 0;
}
