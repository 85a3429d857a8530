// A program without the C library's start files, so that it asks for no version that an old one lacks.
// Linked with -nostartfiles.
#include <stdio.h>
#include <stdlib.h>
#include "metric.h"

__attribute__((force_align_arg_pointer)) void _start(void) {
  puts("step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)");
  exit(3);
}
