// puts: no format, and the newline is added inside libc.
#include <stdio.h>

int main(void) {
  puts("starting");
  for (int i = 0; i < 100; i++) puts("a line of text between the metrics, long enough to fill buffers");
  puts("step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)");
  puts("step    2/3: train loss 4.250000 (1.000000 ms, 1000 tok/s)");
  return 0;
}
