// Text that a tracker has already seen is thrown away unprinted; then the same space is used again.
#include <stdio.h>
#include <stdio_ext.h>
#include "metric.h"

int main(void) {
  setvbuf(stdout, NULL, _IOFBF, 4096);
  printf(STEP(1) "printed first\n");
  fflush(stdout);
  printf("PURGED: same length as the other\n");
  settle();
  __fpurge(stdout);
  printf("printed: same length as the last\n");
  settle();
  printf(STEP(2));
  return 0;
}
