#include "nvml_devices.h"

#include <stdio.h>
#include <string.h>

#include "include/ctrackshim.h"

uint32_t tsi_gpu_measured(const tsi_gpu_devices *devices) {
  return devices->count < TSI_GPU_LIMIT ? devices->count : TSI_GPU_LIMIT;
}

// ---- One GPU -----------------------------------------------------------------------------------------------

// An answer that failed may have left anything in the place.
static void keep_text(char *text, size_t room, nvml_result result) { text[result == NVML_SUCCESS ? room - 1 : 0] = 0; }

static void find_memory(const tsi_nvml *nvml, nvml_device handle, tsi_gpu_info *info) {
  nvml_memory_1 memory = {.total = NVML_NO_LONG_VALUE};
  if (nvml->memory_1 == NULL || nvml->memory_1(handle, &memory) != NVML_SUCCESS) return;
  if (memory.total != NVML_NO_LONG_VALUE) info->memory = memory.total;
}

static void find_kind(const tsi_nvml *nvml, nvml_device handle, tsi_gpu_info *info) {
  uint32_t value = NVML_NO_VALUE;
  if (nvml->cores != NULL && nvml->cores(handle, &value) == NVML_SUCCESS && value != NVML_NO_VALUE) info->cores = value;
  value = NVML_NO_VALUE;
  if (nvml->architecture != NULL && nvml->architecture(handle, &value) == NVML_SUCCESS && value != NVML_NO_VALUE)
    info->architecture = value;
}

static void describe(const tsi_nvml *nvml, nvml_device handle, tsi_gpu_info *info) {
  nvml_pci pci = {.bus_id = ""};
  if (nvml->name != NULL) keep_text(info->name, sizeof info->name, nvml->name(handle, info->name, sizeof info->name));
  if (nvml->uuid != NULL) keep_text(info->uuid, sizeof info->uuid, nvml->uuid(handle, info->uuid, sizeof info->uuid));
  if (nvml->pci != NULL && nvml->pci(handle, &pci) == NVML_SUCCESS) memcpy(info->bus_id, pci.bus_id, sizeof pci.bus_id);
  info->bus_id[sizeof info->bus_id - 1] = 0;
  find_memory(nvml, handle, info);
  find_kind(nvml, handle, info);
}

static void find_cuda(const tsi_nvml *nvml, tsi_gpu_devices *devices) {
  int version = 0;
  if (nvml->cuda_version == NULL) return;
  tsi_nvml_load_cuda();
  if (tsi_gpu_is_dismissed()) return;
  if (nvml->cuda_version(&version) == NVML_SUCCESS) devices->driver_cuda_version = version;
}

// ---- All of them -------------------------------------------------------------------------------------------

static const char *meaning(nvml_result result) {
  switch (result) {
    case NVML_NO_PERMISSION: return "this user may not";
    case NVML_BLOCKED_BY_SYSTEM: return "the system or a container forbids it";
    case NVML_DRIVER_IS_ANOTHER: return "the driver and its library are of different versions";
    default: return "the driver says so";
  }
}

static bool fails(nvml_result result, char *why, size_t room) {
  if (result == NVML_SUCCESS) return false;
  why[0] = 0;
  if (result != NVML_DRIVER_NOT_LOADED && result != NVML_GPU_NOT_FOUND)
    snprintf(why, room, "%s (NVML error %d)", meaning(result), (int)result);
  return true;
}

bool tsi_gpu_find_devices(const tsi_nvml *nvml, tsi_gpu_devices *devices, char *why, size_t room) {
  if (fails(nvml->init(), why, room) || fails(nvml->device_count(&devices->count), why, room)) return false;
  for (uint32_t i = 0; i < tsi_gpu_measured(devices) && !tsi_gpu_is_dismissed(); i++) {
    if (nvml->device_at(i, &devices->gpus[i].handle) != NVML_SUCCESS) devices->gpus[i].handle = NULL;
    if (devices->gpus[i].handle != NULL) describe(nvml, devices->gpus[i].handle, &devices->infos[i]);
  }
  find_cuda(nvml, devices);
  return true;
}
