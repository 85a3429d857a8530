// Far more than the ring holds, as fast as the host can: the host must not wait, so some will be lost.
// With an argument it writes lines of another dialect in pieces that end anywhere: what is kept of a number whose end
// was lost looks like a number.
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void write_pieces(void) {
  static char piece[8192];
  size_t size = 0;
  for (int step = 1; step <= 1000000; step++) {
    char line[96];
    size_t length = (size_t)snprintf(line, sizeof line, "iteration=%d | loss=%d.%d\n", step, step, step);
    size_t room = sizeof piece - size, first = length < room ? length : room;
    memcpy(piece + size, line, first);
    size += first;
    if (size < sizeof piece) continue;
    if (write(1, piece, size) != (ssize_t)size) return;
    memcpy(piece, line + first, length - first);
    size = length - first;
  }
  if (write(1, piece, size) < 0) return;
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return write_pieces(), 0;
  for (int step = 1; step <= 600000; step++)
    printf("step %4d/600000: train loss %.6f (%.6f ms, %d tok/s)\n", step, 4.5 / step, 1.0, 1000);
  return 0;
}
