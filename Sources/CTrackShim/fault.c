// Faults on purpose are only in the library that `make faults` links: what faults/fault.c defines takes the place of
// these.
#include "include/ctrackshim.h"

__attribute__((weak)) void tsi_fault(const char *stage) { (void)stage; }

__attribute__((weak)) const int64_t tsi_longest_silence = 30000000000;
