#include "nvml_figures.h"

#include <stddef.h>
#include <string.h>

#include "include/ctrackshim.h"

typedef struct {
  const tsi_nvml *nvml;
  tsi_gpu *gpu;
  tsi_gpu_figures *figures;
} asking;

// A thread that was sent away makes no further call: it may be about to be forbidden (sandbox.c).
static bool is_worth(const asking *ask, int figure, const void *function) {
  return function != NULL && !ask->gpu->is_lost && !(ask->gpu->unsupported & 1u << figure) && !tsi_gpu_is_dismissed();
}

// A GPU that has fallen off the bus, or was taken away, does not come back under this handle, and each further question
// may take seconds.
static bool is_answer(asking *ask, int figure, nvml_result result) {
  switch (result) {
    case NVML_SUCCESS: return true;
    case NVML_NOT_SUPPORTED:
    case NVML_FUNCTION_NOT_FOUND:
    case NVML_VERSION_NOT_KNOWN:
    case NVML_DEPRECATED: ask->gpu->unsupported |= 1u << figure; return false;
    case NVML_GPU_IS_LOST:
    case NVML_RESET_REQUIRED:
    case NVML_GPU_NOT_FOUND: ask->gpu->is_lost = true; return false;
    default: return false;
  }
}

static void put(asking *ask, int figure, uint64_t value) {
  ask->figures->values[figure] = value;
  ask->figures->known |= 1u << figure;
}

static void put_short(asking *ask, int figure, uint32_t value) {
  if (value != NVML_NO_VALUE) put(ask, figure, value);
}

// ---- What one call tells -----------------------------------------------------------------------------------

static void ask_one(asking *ask, int figure, nvml_result (*function)(nvml_device, uint32_t *)) {
  uint32_t value = NVML_NO_VALUE;
  if (!is_worth(ask, figure, function)) return;
  if (is_answer(ask, figure, function(ask->gpu->handle, &value))) put_short(ask, figure, value);
}

static void ask_utilization(asking *ask) {
  nvml_utilization found = {NVML_NO_VALUE, NVML_NO_VALUE};
  if (!is_worth(ask, TSI_GPU_UTILIZATION, ask->nvml->utilization)) return;
  if (!is_answer(ask, TSI_GPU_UTILIZATION, ask->nvml->utilization(ask->gpu->handle, &found))) return;
  put_short(ask, TSI_GPU_UTILIZATION, found.gpu);
  put_short(ask, TSI_GPU_MEMORY_UTILIZATION, found.memory);
}

static void put_memory(asking *ask, uint64_t total, uint64_t used) {
  if (total != NVML_NO_LONG_VALUE) put(ask, TSI_GPU_MEMORY_TOTAL, total);
  if (used != NVML_NO_LONG_VALUE) put(ask, TSI_GPU_MEMORY_USED, used);
}

// The newer one says what programs have allocated, the older one counts in what the driver keeps for itself.
static void ask_memory(asking *ask) {
  if (is_worth(ask, TSI_GPU_MEMORY_TOTAL, ask->nvml->memory_2)) {
    nvml_memory_2 newer = {.version = NVML_MEMORY_2, .total = NVML_NO_LONG_VALUE, .used = NVML_NO_LONG_VALUE};
    bool is_told = is_answer(ask, TSI_GPU_MEMORY_TOTAL, ask->nvml->memory_2(ask->gpu->handle, &newer));
    if (is_told) put_memory(ask, newer.total, newer.used);
    // One failure does not change what the figure means.
    if (is_told || is_worth(ask, TSI_GPU_MEMORY_TOTAL, ask->nvml->memory_2)) return;
  }
  nvml_memory_1 older = {.total = NVML_NO_LONG_VALUE, .used = NVML_NO_LONG_VALUE};
  if (is_worth(ask, TSI_GPU_MEMORY_USED, ask->nvml->memory_1) &&
      is_answer(ask, TSI_GPU_MEMORY_USED, ask->nvml->memory_1(ask->gpu->handle, &older)))
    put_memory(ask, older.total, older.used);
}

static void ask_temperature(asking *ask) {
  uint32_t value = NVML_NO_VALUE;
  if (!is_worth(ask, TSI_GPU_TEMPERATURE, ask->nvml->temperature)) return;
  nvml_result result = ask->nvml->temperature(ask->gpu->handle, NVML_SENSOR_GPU, &value);
  if (is_answer(ask, TSI_GPU_TEMPERATURE, result)) put_short(ask, TSI_GPU_TEMPERATURE, value);
}

static void ask_clock(asking *ask, int figure, int clock) {
  uint32_t value = NVML_NO_VALUE;
  if (!is_worth(ask, figure, ask->nvml->clock)) return;
  if (is_answer(ask, figure, ask->nvml->clock(ask->gpu->handle, clock, &value))) put_short(ask, figure, value);
}

static void ask_errors(asking *ask, int figure, int kind) {
  uint64_t value = NVML_NO_LONG_VALUE;
  if (!is_worth(ask, figure, ask->nvml->memory_errors)) return;
  nvml_result result = ask->nvml->memory_errors(ask->gpu->handle, kind, NVML_SINCE_REBOOT, NVML_DEVICE_MEMORY, &value);
  if (is_answer(ask, figure, result) && value != NVML_NO_LONG_VALUE) put(ask, figure, value);
}

static void ask_fan(asking *ask) {
  uint32_t value = NVML_NO_VALUE;
  if (ask->nvml->fan_at == NULL) {
    ask_one(ask, TSI_GPU_FAN_SPEED, ask->nvml->fan);
    return;
  }
  if (!is_worth(ask, TSI_GPU_FAN_SPEED, ask->nvml->fan_at)) return;
  if (is_answer(ask, TSI_GPU_FAN_SPEED, ask->nvml->fan_at(ask->gpu->handle, 0, &value)))
    put_short(ask, TSI_GPU_FAN_SPEED, value);
}

// ---- Is it ours? -------------------------------------------------------------------------------------------

enum { PROCESSES = 1024 };

// Only ever one thread is here. Each entry has more room than it needs: a driver that was built with a larger one
// writes no further than this.
static union {
  nvml_process_1 older[2 * PROCESSES];
  nvml_process_2 newer[PROCESSES + PROCESSES / 2];
} list;

static bool has_newer(asking *ask, nvml_result (*function)(nvml_device, uint32_t *, nvml_process_2 *), uint32_t pid) {
  uint32_t count = PROCESSES;
  if (function(ask->gpu->handle, &count, list.newer) != NVML_SUCCESS) return false;
  for (uint32_t i = 0; i < count && i < PROCESSES; i++)
    if (list.newer[i].pid == pid) return true;
  return false;
}

static bool has_older(asking *ask, nvml_result (*function)(nvml_device, uint32_t *, nvml_process_1 *), uint32_t pid) {
  uint32_t count = PROCESSES;
  if (function(ask->gpu->handle, &count, list.older) != NVML_SUCCESS) return false;
  for (uint32_t i = 0; i < count && i < PROCESSES; i++)
    if (list.older[i].pid == pid) return true;
  return false;
}

static bool is_used(asking *ask) {
  const tsi_nvml *nvml = ask->nvml;
  uint32_t pid = (uint32_t)tsi_process();
  if (ask->gpu->is_lost || tsi_gpu_is_dismissed()) return false;
  bool computes = nvml->compute_processes_2   ? has_newer(ask, nvml->compute_processes_2, pid)
                  : nvml->compute_processes_1 ? has_older(ask, nvml->compute_processes_1, pid)
                                              : false;
  if (computes) return true;
  return nvml->graphics_processes_2   ? has_newer(ask, nvml->graphics_processes_2, pid)
         : nvml->graphics_processes_1 ? has_older(ask, nvml->graphics_processes_1, pid)
                                      : false;
}

// ---- All of it ---------------------------------------------------------------------------------------------

void tsi_gpu_measure(const tsi_nvml *nvml, tsi_gpu *gpu, tsi_gpu_figures *figures) {
  asking ask = {nvml, gpu, figures};
  memset(figures, 0, sizeof *figures);
  if (gpu->handle == NULL) return;
  ask_utilization(&ask);
  ask_memory(&ask);
  ask_temperature(&ask);
  ask_one(&ask, TSI_GPU_POWER, nvml->power);
  ask_one(&ask, TSI_GPU_POWER_LIMIT, nvml->power_limit);
  ask_clock(&ask, TSI_GPU_SM_CLOCK, NVML_CLOCK_SM);
  ask_clock(&ask, TSI_GPU_MEMORY_CLOCK, NVML_CLOCK_MEMORY);
  ask_errors(&ask, TSI_GPU_CORRECTED_ERRORS, NVML_CORRECTED);
  ask_errors(&ask, TSI_GPU_UNCORRECTED_ERRORS, NVML_UNCORRECTED);
  ask_fan(&ask);
  figures->is_used = is_used(&ask);
  // What was read before it was lost may be as wrong as nothing.
  if (gpu->is_lost) figures->known = 0;
  figures->is_lost = gpu->is_lost;
}
