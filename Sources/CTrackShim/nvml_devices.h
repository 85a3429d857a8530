// The machine's GPUs: found once, when the thread starts.
#ifndef TSI_NVML_DEVICES_H
#define TSI_NVML_DEVICES_H

#include "nvml_figures.h"

typedef struct {
  uint32_t count; // also of those past TSI_GPU_LIMIT
  tsi_gpu gpus[TSI_GPU_LIMIT];
  tsi_gpu_info infos[TSI_GPU_LIMIT];
  int driver_cuda_version;
} tsi_gpu_devices;

// False: `why` says it, and is empty where there is simply no driver.
bool tsi_gpu_find_devices(const tsi_nvml *nvml, tsi_gpu_devices *devices, char *why, size_t room);
// Those among them that are measured.
uint32_t tsi_gpu_measured(const tsi_gpu_devices *devices);

#endif
