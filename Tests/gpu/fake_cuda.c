// A stand-in for libcuda.so.1, beside which nobody's program would end whose finalizers ran: they wait for ever.
#include <unistd.h>

__attribute__((destructor)) static void finish(void) {
  for (;;) pause();
}
