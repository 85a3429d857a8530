// Loads a library into a namespace of its own before its first line and gives it back, and does the same again when our
// library has had its turn.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

static int use_one(void) {
  void *library = dlmopen(LM_ID_NEWLM, "libm.so.6", RTLD_NOW);
  return library != NULL && dlclose(library) == 0;
}

int main(void) {
  fprintf(stderr, "own namespace: %d\n", use_one());
  for (int step = 1; step <= 40; step++) {
    printf("step %4d/40: train loss %f (1.000000 ms, 1000 tok/s)\n", step, 5.0 / step);
    struct timespec left = {0, 10000000};
    nanosleep(&left, NULL);
  }
  fprintf(stderr, "own namespace: %d\n", use_one());
  return 3;
}
