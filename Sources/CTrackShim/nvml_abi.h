// What we use of NVML, NVIDIA's library of management figures, as its published interface has it. Declared here because
// its header comes with CUDA and may not be there; found by name at run time (nvml_library.c), never linked.
#ifndef TSI_NVML_ABI_H
#define TSI_NVML_ABI_H

#include <stdint.h>

typedef struct nvml_device *nvml_device;

typedef enum {
  NVML_SUCCESS = 0,
  NVML_NOT_SUPPORTED = 3,
  NVML_NO_PERMISSION = 4,
  NVML_INSUFFICIENT_SIZE = 7,
  NVML_DRIVER_NOT_LOADED = 9,
  NVML_FUNCTION_NOT_FOUND = 13,
  NVML_GPU_IS_LOST = 15,
  NVML_RESET_REQUIRED = 16,
  NVML_BLOCKED_BY_SYSTEM = 17,
  NVML_DRIVER_IS_ANOTHER = 18,
  NVML_VERSION_NOT_KNOWN = 25,
  NVML_DEPRECATED = 26,
  NVML_GPU_NOT_FOUND = 28,
  NVML_UNKNOWN = 999,
} nvml_result;

// What an answer is where the driver has none, in 32 and in 64 bits.
#define NVML_NO_VALUE UINT32_MAX
#define NVML_NO_LONG_VALUE UINT64_MAX

enum { NVML_SENSOR_GPU = 0 };
enum { NVML_CLOCK_SM = 1, NVML_CLOCK_MEMORY = 2 };
enum { NVML_CORRECTED = 0, NVML_UNCORRECTED = 1 };
enum { NVML_SINCE_REBOOT = 0 };  // "volatile"; the other counter is of the GPU's whole life
enum { NVML_DEVICE_MEMORY = 2 }; // where the errors were

typedef struct {
  uint32_t gpu, memory; // percent of the time of the driver's last sample
} nvml_utilization;

// `used` has what the driver keeps for itself.
typedef struct {
  uint64_t total, free, used;
} nvml_memory_1;

// `used` is without that.
typedef struct {
  uint32_t version;
  uint64_t total, reserved, free, used;
} nvml_memory_2;

#define NVML_MEMORY_2 ((uint32_t)(sizeof(nvml_memory_2) | 2u << 24))

typedef struct {
  uint32_t pid;
  uint64_t used_memory;
} nvml_process_1;

typedef struct {
  uint32_t pid;
  uint64_t used_memory;
  uint32_t gpu_instance, compute_instance;
} nvml_process_2;

typedef struct {
  char legacy_bus_id[16];
  uint32_t domain, bus, device, device_id, subsystem_id;
  char bus_id[32];
} nvml_pci;

_Static_assert(sizeof(nvml_memory_1) == 24 && sizeof(nvml_memory_2) == 40, "as NVML has them");
_Static_assert(sizeof(nvml_process_1) == 16 && sizeof(nvml_process_2) == 24, "as NVML has them");
_Static_assert(sizeof(nvml_pci) == 68, "as NVML has it");

#endif
