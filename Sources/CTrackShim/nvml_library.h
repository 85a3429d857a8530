// NVML's functions, from a copy of the library that is ours alone.
//
// NVML is initialised once in a process and keeps numbers of descriptors. A program may use it too (NCCL and PyTorch
// do), and its threads and ours have different file tables: a number that one of us opened would be another file to the
// other. So ours is loaded into a namespace of the loader's own (dlmopen), where it has its own state, its own libc
// with its own malloc, and is not found by the program.
#ifndef TSI_NVML_LIBRARY_H
#define TSI_NVML_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "nvml_abi.h"

// All but the first three may be NULL: drivers have what their age and the GPU's kind give them.
typedef struct {
  nvml_result (*init)(void);
  nvml_result (*device_count)(uint32_t *);
  nvml_result (*device_at)(uint32_t, nvml_device *);

  nvml_result (*cuda_version)(int *);
  nvml_result (*name)(nvml_device, char *, uint32_t);
  nvml_result (*uuid)(nvml_device, char *, uint32_t);
  nvml_result (*pci)(nvml_device, nvml_pci *);
  nvml_result (*cores)(nvml_device, uint32_t *);
  nvml_result (*architecture)(nvml_device, uint32_t *);

  nvml_result (*utilization)(nvml_device, nvml_utilization *);
  nvml_result (*memory_1)(nvml_device, nvml_memory_1 *);
  nvml_result (*memory_2)(nvml_device, nvml_memory_2 *);
  nvml_result (*temperature)(nvml_device, int, uint32_t *);
  nvml_result (*power)(nvml_device, uint32_t *);
  nvml_result (*power_limit)(nvml_device, uint32_t *);
  nvml_result (*clock)(nvml_device, int, uint32_t *);
  nvml_result (*memory_errors)(nvml_device, int, int, int, uint64_t *);
  nvml_result (*fan_at)(nvml_device, uint32_t, uint32_t *);
  nvml_result (*fan)(nvml_device, uint32_t *);

  nvml_result (*compute_processes_1)(nvml_device, uint32_t *, nvml_process_1 *);
  nvml_result (*compute_processes_2)(nvml_device, uint32_t *, nvml_process_2 *);
  nvml_result (*graphics_processes_1)(nvml_device, uint32_t *, nvml_process_1 *);
  nvml_result (*graphics_processes_2)(nvml_device, uint32_t *, nvml_process_2 *);
} tsi_nvml;

// `library`: a path, or NULL for the system's. False: `why` says it, and is empty where there is simply none.
bool tsi_nvml_load(const char *library, tsi_nvml *nvml, char *why, size_t room);
// Puts libcuda beside it, which NVML loads to say its version, so that its finalizers are gone before it is used.
void tsi_nvml_load_cuda(void);

#endif
