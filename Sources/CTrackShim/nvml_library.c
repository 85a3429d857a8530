#define _GNU_SOURCE
#include "nvml_library.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "include/ctrackshim.h"
#include "rawio.h"

// Half of what there are; programs have a few dozen.
enum { HOSTS_KEYS = PTHREAD_KEYS_MAX / 2 };

static const char *const usual_name = "libnvidia-ml.so.1";

#define FUNCTION(field, ...)                   \
  {                                            \
    offsetof(tsi_nvml, field), { __VA_ARGS__ } \
  }

// The newest first where there are several that mean the same.
static const struct {
  size_t offset;
  const char *names[2];
} functions[] = {
    FUNCTION(init, "nvmlInit_v2", "nvmlInit"),
    FUNCTION(device_count, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"),
    FUNCTION(device_at, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"),
    FUNCTION(cuda_version, "nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"),
    FUNCTION(name, "nvmlDeviceGetName"),
    FUNCTION(uuid, "nvmlDeviceGetUUID"),
    FUNCTION(pci, "nvmlDeviceGetPciInfo_v3"),
    FUNCTION(cores, "nvmlDeviceGetNumGpuCores"),
    FUNCTION(architecture, "nvmlDeviceGetArchitecture"),
    FUNCTION(utilization, "nvmlDeviceGetUtilizationRates"),
    FUNCTION(memory_1, "nvmlDeviceGetMemoryInfo"),
    FUNCTION(memory_2, "nvmlDeviceGetMemoryInfo_v2"),
    FUNCTION(temperature, "nvmlDeviceGetTemperature"),
    FUNCTION(power, "nvmlDeviceGetPowerUsage"),
    FUNCTION(power_limit, "nvmlDeviceGetEnforcedPowerLimit"),
    FUNCTION(clock, "nvmlDeviceGetClockInfo"),
    FUNCTION(memory_errors, "nvmlDeviceGetMemoryErrorCounter"),
    FUNCTION(fan_at, "nvmlDeviceGetFanSpeed_v2"),
    FUNCTION(fan, "nvmlDeviceGetFanSpeed"),
    // Not _v3: its structure changed from one driver to the next (535.43 to 535.98) under the same name.
    FUNCTION(compute_processes_1, "nvmlDeviceGetComputeRunningProcesses"),
    FUNCTION(compute_processes_2, "nvmlDeviceGetComputeRunningProcesses_v2"),
    FUNCTION(graphics_processes_1, "nvmlDeviceGetGraphicsRunningProcesses"),
    FUNCTION(graphics_processes_2, "nvmlDeviceGetGraphicsRunningProcesses_v2"),
};

static void find_functions(void *handle, tsi_nvml *nvml) {
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *found = dlsym(handle, functions[i].names[0]);
    if (found == NULL && functions[i].names[1] != NULL) found = dlsym(handle, functions[i].names[1]);
    *(void **)((char *)nvml + functions[i].offset) = found;
  }
}

// ---- Finalizers -------------------------------------------------------------------------------------------
//
// exit() runs those of every namespace, on the thread that ends the program. One that waits for a lock which our thread
// has, because it hangs in the driver or was lost there, would keep the program for ever. The loader finds them through
// the library's dynamic section each time, so they are taken out of that.

static struct link_map *loaded;
static Lmid_t apart;

static void do_nothing(void) {}

static void write_entry(ElfW(Dyn) * entry, uint64_t value) {
  uintptr_t first = (uintptr_t)entry & ~((uintptr_t)tsi_page_size() - 1), end = (uintptr_t)(entry + 1);
  if (mprotect((void *)first, end - first, PROT_READ | PROT_WRITE) == 0) entry->d_un.d_val = value;
}

static void forget_finalizers_of(struct link_map *map) {
  for (ElfW(Dyn) *entry = map->l_ld; entry != NULL && entry->d_tag != DT_NULL; entry++) {
    if (entry->d_tag == DT_FINI_ARRAYSZ) write_entry(entry, 0);
    if (entry->d_tag == DT_FINI) write_entry(entry, (uintptr_t)do_nothing - map->l_addr);
  }
}

static void forget_finalizers(void) {
  // Not of all that is there: the loader itself is, which the program has too.
  for (struct link_map *map = loaded; map != NULL; map = map->l_next)
    if (map == loaded || strstr(map->l_name, "libcuda.so") != NULL) forget_finalizers_of(map);
}

// ---- Loading ----------------------------------------------------------------------------------------------

static bool give_up(char *why, size_t room, const char *library, const char *text) {
  // That the system has none is no trouble; that the one somebody named is not there is.
  bool is_absent = library == NULL && strstr(text, "No such file") != NULL;
  if (is_absent)
    why[0] = 0;
  else
    snprintf(why, room, "%s", text);
  return false;
}

// Two libcs in one thread share the place for thread-specific data: what NVML keeps under its first key would be what a
// malloc of the host's has under its own. So the keys that a program may come to have are used up in ours.
static void keep_away_from_hosts_keys(void *libc) {
  int (*create)(pthread_key_t *, void (*)(void *)) =
      (int (*)(pthread_key_t *, void (*)(void *)))dlsym(libc, "pthread_key_create");
  pthread_key_t key;
  for (int i = 0; create != NULL && i < HOSTS_KEYS; i++) create(&key, NULL);
}

static void *load_apart(const char *library) {
  void *libc = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW | RTLD_LOCAL);
  if (libc == NULL || dlinfo(libc, RTLD_DI_LMID, &apart) != 0) return NULL;
  keep_away_from_hosts_keys(libc);
  return dlmopen(apart, library, RTLD_NOW | RTLD_LOCAL);
}

// A program that has made namespaces keeps those that are left, of 16. And builds of glibc before 2.37 loop for ever,
// with the loader's lock, in one that had been given back (its bug 29600). The loader counts this up with the first
// one.
static bool has_namespaces(void) { return _r_debug.r_version > 1; }

bool tsi_nvml_load(const char *library, tsi_nvml *nvml, char *why, size_t room) {
  if (has_namespaces()) return give_up(why, room, library, "the program uses namespaces of the loader itself");
  void *handle = load_apart(library != NULL ? library : usual_name);
  if (handle == NULL) {
    const char *text = dlerror();
    return give_up(why, room, library, text != NULL ? text : "it cannot be loaded");
  }
  if (dlinfo(handle, RTLD_DI_LINKMAP, &loaded) != 0) loaded = NULL;
  forget_finalizers();
  find_functions(handle, nvml);
  if (nvml->init != NULL && nvml->device_count != NULL && nvml->device_at != NULL) return true;
  return give_up(why, room, library, "it is not NVIDIA's library, or too old");
}

void tsi_nvml_load_cuda(void) {
  dlmopen(apart, "libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  forget_finalizers();
}
