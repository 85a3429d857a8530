#ifndef TSI_PROCESS_H
#define TSI_PROCESS_H

#include <stdint.h>

// Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); 0 when there is none.
uint64_t tsi_process_start(int32_t process);

#endif
