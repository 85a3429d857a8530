// Small items, then one block larger than the FILE's buffer, which libc writes without copying.
#include <stdio.h>
#include <string.h>
#include "metric.h"

static char block[64 * 1024];

int main(void) {
  fwrite(STEP(1), 1, strlen(STEP(1)), stdout);
  fwrite("bits\n", 5, 1, stdout);
  for (size_t i = 0; i < sizeof block; i++) block[i] = i % 64 == 63 ? '\n' : (char)('a' + i / 64 % 26);
  fwrite(block, 1, sizeof block, stdout);
  fwrite(STEP(2), strlen(STEP(2)), 1, stdout);
  return 0;
}
