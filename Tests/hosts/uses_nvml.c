// A program that asks NVML itself, as NCCL does: what it gets must be what it gets alone. uses_nvml BEFORE STEPS
// BEFORE 1: it starts NVML before its first line, 0: when it has printed for a while.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef int function();
static function *find(void *library, const char *name) { return (function *)dlsym(library, name); }

int main(int argc, char **argv) {
  int is_first = argc > 1 && atoi(argv[1]), steps = argc > 2 ? atoi(argv[2]) : 40;
  void *library = NULL, *gpu = NULL;
  unsigned rates[2] = {0, 0};
  for (int step = 1; step <= steps; step++) {
    if (library == NULL && (is_first || step > steps / 2)) {
      library = dlopen(getenv("NVML"), RTLD_NOW);
      if (library == NULL) return 98;
      fprintf(stderr, "init %d\n", find(library, "nvmlInit_v2")());
      fprintf(stderr, "first %d\n", find(library, "nvmlDeviceGetHandleByIndex_v2")(0, &gpu));
    }
    printf("step %4d/%d: train loss %f (1.000000 ms, 1000 tok/s)\n", step, steps, 5.0 / step);
    if (library != NULL) {
      int result = find(library, "nvmlDeviceGetUtilizationRates")(gpu, rates);
      if (step % 10 == 0) fprintf(stderr, "asked: %d, %u %u\n", result, rates[0], rates[1]);
    }
    struct timespec left = {0, 10000000};
    nanosleep(&left, NULL);
  }
  fprintf(stderr, "shutdown %d\n", find(library, "nvmlShutdown")());
  fprintf(stderr, "after it %d\n", find(library, "nvmlDeviceGetUtilizationRates")(gpu, rates));
  return 3;
}
