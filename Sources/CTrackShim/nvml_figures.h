// One GPU's figures, as the driver gives them.
#ifndef TSI_NVML_FIGURES_H
#define TSI_NVML_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "include/ctrackshim_gpu.h"
#include "nvml_library.h"

typedef struct {
  uint64_t values[TSI_GPU_FIGURES];
  uint32_t known; // a bit for each
  bool is_used;   // by this process
  bool is_lost;
} tsi_gpu_figures;

// A GPU, and what of it need not be asked again.
typedef struct {
  nvml_device handle; // NULL: the driver does not give it out
  uint32_t unsupported;
  bool is_lost;
} tsi_gpu;

// The thread was sent away (gpu_thread.c).
bool tsi_gpu_is_dismissed(void);

// Asks for everything. Takes as long as the driver takes.
void tsi_gpu_measure(const tsi_nvml *nvml, tsi_gpu *gpu, tsi_gpu_figures *figures);

#endif
