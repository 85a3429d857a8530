// stdout with a buffering of the host's choice: -DMODE=_IOFBF, _IOLBF, _IONBF; -DOWN for its own memory.
#include <stdio.h>
#include "metric.h"

#ifdef OWN
static char memory[777];
#else
#define memory NULL
#endif

int main(void) {
  setvbuf(stdout, memory, MODE, 777);
  printf(CONFIG_ROW);
  for (int step = 1; step <= 3; step++) {
    printf(STEP_FORMAT, step, 4.5 / step, 1.0, 1000);
    for (int line = 0; line < 30; line++) printf("line %d %s\n", line, "with text after it");
  }
  return 0;
}
