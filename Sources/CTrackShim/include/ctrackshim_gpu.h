// GPUs, as the Swift core sees them: numbers as the driver gives them, read on a thread of their own. Those of AMD's
// are in ctrackshim_amd.h.
//
// That thread runs C only. It takes no memory of ours and no lock that the worker takes, so a fault inside the driver's
// library loses this thread and nothing else.
#ifndef CTRACKSHIM_GPU_H
#define CTRACKSHIM_GPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// More than these are counted and not measured.
enum { TSI_GPU_LIMIT = 64 };

enum {
  TSI_GPU_UTILIZATION,        // percent
  TSI_GPU_MEMORY_UTILIZATION, // percent of the time that the memory was read or written
  TSI_GPU_MEMORY_TOTAL,       // bytes
  TSI_GPU_MEMORY_USED,        // bytes
  TSI_GPU_TEMPERATURE,        // degrees Celsius
  TSI_GPU_POWER,              // mW
  TSI_GPU_POWER_LIMIT,        // mW
  TSI_GPU_SM_CLOCK,           // MHz
  TSI_GPU_MEMORY_CLOCK,       // MHz
  TSI_GPU_CORRECTED_ERRORS,   // since the driver was loaded
  TSI_GPU_UNCORRECTED_ERRORS, // the same
  TSI_GPU_FAN_SPEED,          // percent
  TSI_GPU_FIGURES,
};

// On the worker, once. `library`: the path of another NVML than the system's, or empty; `sysfs`: /sys, or what stands
// for it. False: no thread is started, for no driver of NVIDIA's is loaded, or its device file is not there, and no
// card of AMD's is there either. Whatever else is in the way is the trouble below.
bool tsi_gpu_start(const char *library, const char *sysfs);
// libc goes on counting it when it has ended, and does not call exit() after the last of the host's threads.
bool tsi_gpu_was_started(void);
// The thread is there; also one that was lost.
bool tsi_gpu_is_running(void);
// It is there and goes on.
bool tsi_gpu_may_still_ask(void);
// On that thread, which met a fault and goes no further.
void tsi_gpu_thread_is_lost(void);
// It ends as soon as the driver lets it. Any thread.
void tsi_gpu_dismiss(void);
// exit() is about to run finalizers (gpu_thread.c). Any thread; wakes nobody.
void tsi_gpu_begin_nothing(void);
// A sample is wanted. While one is being taken this wants nothing more.
void tsi_gpu_ask(void);
// Since when the driver has not answered, monotonic, ns; 0: nothing is asked of it.
int64_t tsi_gpu_busy_since(void);
// Why there are no figures; NULL while there may be some, "" where nobody need be told.
const char *tsi_gpu_trouble(void);

// The newest finished sample becomes the one that is looked at below; false: there is none since the last time, or the
// driver took so long for it that it says nothing of now.
bool tsi_gpu_take(void);
// False: this GPU does not have it, or did not say.
bool tsi_gpu_figure(uint32_t gpu, int figure, uint64_t *value);
// This process computes or draws on it.
bool tsi_gpu_is_used(uint32_t gpu);
// It does not answer any more, for good.
bool tsi_gpu_is_lost(uint32_t gpu);

// ---- What they are, once it is known ----

typedef struct {
  char name[96], uuid[96], bus_id[32]; // each ended by 0
  uint64_t memory;                     // bytes
  uint32_t cores, architecture;        // 0: not known
} tsi_gpu_info;

// False: not yet, or there are none.
bool tsi_gpu_are_known(void);
uint32_t tsi_gpu_count(void);
tsi_gpu_info tsi_gpu_info_of(uint32_t gpu);
// 12040 is 12.4; 0: not known.
int tsi_gpu_driver_cuda_version(void);

#endif
