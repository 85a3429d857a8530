// dprintf builds its own FILE on the stack (and on later glibc another kind of buffer).
#include <stdarg.h>
#include <stdio.h>
#include "metric.h"

static void say(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vdprintf(1, format, list);
  va_end(list);
}

int main(void) {
  dprintf(1, "%s", CONFIG_ROW);
  for (int step = 1; step <= 3; step++) dprintf(1, STEP_FORMAT, step, 4.5 / step, 1.0, 1000);
  say("by vdprintf: %d%s", 42, "\n");
  return 0;
}
