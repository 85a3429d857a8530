// fputs and fputc on the stdout FILE.
#include <stdio.h>
#include "metric.h"

int main(void) {
  fputs(CONFIG_ROW, stdout);
  fputs(STEP(1), stdout);
  fputs("half a line, ", stdout);
  fputs("the other half", stdout);
  fputc('\n', stdout);
  fputs(STEP(2), stdout);
  return 0;
}
