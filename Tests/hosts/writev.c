// One metric line gathered from three buffers.
#include <string.h>
#include <sys/uio.h>
#include "metric.h"

static struct iovec piece(const char *text) { return (struct iovec){(void *)text, strlen(text)}; }

int main(void) {
  struct iovec line[] = {piece("step    1/3: train "), piece("loss 4.500000 "), piece(""),
                         piece("(1.000000 ms, 1000 tok/s)\n")};
  if (writev(1, line, 4) < 0) return 3;
  struct iovec next[] = {piece("two lines: "), piece("this one\n" STEP(2))};
  if (writev(1, next, 2) < 0) return 4;
  return 0;
}
