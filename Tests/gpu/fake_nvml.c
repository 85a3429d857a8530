// A stand-in for libnvidia-ml.so.1 that says what a script says. FAKE_NVML names the script; it is read at nvmlInit_v2.
// FAKE_NVML_LOADS: for so many milliseconds it is being loaded. The script's lines are:
//
//   gpus N                    how many there are (1)
//   cuda N                    the driver's CUDA, 12040 for 12.4; without it nobody knows
//   init N                    nvmlInit_v2 gives this error
//   set GPU WHAT VALUE        what it answers; WHAT as in `facts` below, and what is not set is not supported
//   pid GPU LIST PID          a process in LIST (compute, graphics); "self" is the caller
//   fail GPU FUNCTION ERROR   FUNCTION, without "nvmlDevice", gives ERROR
//   lost GPU CALLS            after so many calls about that GPU it answers that it is lost
//   do ACT FUNCTION CALLS     at that call of FUNCTION (0: the first): hang (for an hour), hang:MS, crash, abort
//
// It holds a lock over each call, and its finalizer wants it: as a library would be that was not made for this. It
// holds a file as the real one holds the driver's, and something for each thread, and answers 999 where either is not
// what it was.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { GPUS = 80, RULES = 64, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, LOST = 15, UNKNOWN = 999 };

typedef enum {
  UTILIZATION,
  MEMORY_UTILIZATION,
  TOTAL,
  USED,
  RESERVED,
  TEMPERATURE,
  POWER,
  POWER_LIMIT,
  CLOCK_SM,
  CLOCK_MEMORY,
  CORRECTED,
  UNCORRECTED,
  FAN,
  CORES,
  ARCHITECTURE,
  FACTS,
} fact;

static const char *const facts[FACTS] = {
    "utilization",  "memoryUtilization", "total",       "used",      "reserved",    "temperature", "power",
    "powerLimit",   "clockSM",           "clockMemory", "corrected", "uncorrected", "fan",         "cores",
    "architecture",
};

typedef struct {
  long long values[FACTS];
  unsigned char is_set[FACTS];
  char name[96], uuid[96], bus_id[32];
  unsigned pids[2][8], pid_counts[2];
  long lost_after, calls;
} gpu;

typedef struct {
  int gpu; // -1: any
  char function[64], act[16];
  int error;
  long at, calls;
} rule;

static gpu gpus[GPUS];
static rule rules[RULES];
static unsigned gpu_count, rule_count, users;
static int cuda, init_error, driver = -1;
static struct stat about_driver;
static pthread_key_t key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// ---- The script --------------------------------------------------------------------------------------------

static void set(gpu *one, const char *what, const char *value) {
  if (strcmp(what, "name") == 0) snprintf(one->name, sizeof one->name, "%s", value);
  if (strcmp(what, "uuid") == 0) snprintf(one->uuid, sizeof one->uuid, "%s", value);
  if (strcmp(what, "bus") == 0) snprintf(one->bus_id, sizeof one->bus_id, "%s", value);
  for (int i = 0; i < FACTS; i++)
    if (strcmp(what, facts[i]) == 0) {
      one->values[i] = atoll(value);
      one->is_set[i] = 1;
    }
}

static void add_rule(int number, const char *function, const char *act, int error, long at) {
  rule *new = &rules[rule_count++];
  *new = (rule){.gpu = number, .error = error, .at = at};
  snprintf(new->function, sizeof new->function, "%s", function);
  snprintf(new->act, sizeof new->act, "%s", act);
}

static void read_line(const char *line) {
  char word[64], value[128];
  long number = 0, calls;
  sscanf(line, "gpus %u", &gpu_count);
  sscanf(line, "cuda %d", &cuda);
  sscanf(line, "init %d", &init_error);
  if (sscanf(line, "set %ld %63s %127[^\n]", &number, word, value) == 3) set(&gpus[number % GPUS], word, value);
  if (sscanf(line, "lost %ld %ld", &number, &calls) == 2) gpus[number % GPUS].lost_after = calls;
  if (sscanf(line, "fail %ld %63s %ld", &number, word, &calls) == 3) add_rule((int)number, word, "", (int)calls, 0);
  if (sscanf(line, "do %63s %127s %ld", word, value, &calls) == 3) add_rule(-1, value, word, 0, calls);
  if (sscanf(line, "pid %ld %63s %127s", &number, word, value) == 3) {
    gpu *one = &gpus[number % GPUS];
    int list = strcmp(word, "graphics") == 0;
    one->pids[list][one->pid_counts[list]++] = strcmp(value, "self") == 0 ? (unsigned)getpid() : (unsigned)atoi(value);
  }
}

static void read_script(void) {
  const char *path = getenv("FAKE_NVML");
  FILE *file = path != NULL ? fopen(path, "re") : NULL;
  char line[256];
  gpu_count = 1;
  for (int i = 0; i < GPUS; i++) gpus[i].lost_after = -1;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) read_line(line);
  if (file != NULL) fclose(file);
}

// ---- What a call does --------------------------------------------------------------------------------------

static void pause_for(long milliseconds) {
  struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0) continue;
}

static void act(const char *what) {
  if (strcmp(what, "hang") == 0) pause_for(3600000);
  if (strncmp(what, "hang:", 5) == 0) pause_for(atol(what + 5));
  if (strcmp(what, "crash") == 0) *(volatile int *)8 = 1;
  if (strcmp(what, "abort") == 0) abort();
}

// As the real one has.
static int is_thread_known(void) {
  static __thread int own;
  void *kept = pthread_getspecific(key);
  if (kept == NULL) pthread_setspecific(key, &own);
  return kept == NULL || kept == &own;
}

static int is_driver_open(void) {
  struct stat now;
  return fstat(driver, &now) == 0 && now.st_dev == about_driver.st_dev && now.st_ino == about_driver.st_ino;
}

// The caller holds the lock.
static int answer_of(gpu *one, const char *function) {
  for (unsigned i = 0; i < rule_count; i++) {
    rule *found = &rules[i];
    if (strcmp(found->function, function) != 0 || (found->gpu >= 0 && one != &gpus[found->gpu])) continue;
    if (found->error != 0) return found->error;
    if (found->calls++ == found->at) act(found->act);
  }
  if (users == 0) return 1;
  if (!is_driver_open() || !is_thread_known()) return UNKNOWN;
  if (one != NULL && one->lost_after >= 0 && one->calls++ >= one->lost_after) return LOST;
  return 0;
}

static int answer(void *device, const char *function) {
  pthread_mutex_lock(&lock);
  int result = answer_of(device, function);
  pthread_mutex_unlock(&lock);
  return result;
}

static int give(void *device, const char *function, fact which, unsigned *value) {
  gpu *one = device;
  int result = answer(device, function);
  if (result != 0) return result;
  if (!one->is_set[which]) return NOT_SUPPORTED;
  *value = (unsigned)one->values[which];
  return 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *milliseconds = getenv("FAKE_NVML_LOADS");
  pthread_key_create(&key, NULL);
  if (milliseconds != NULL) pause_for(atol(milliseconds));
}

__attribute__((destructor)) static void finish(void) { pthread_mutex_lock(&lock); }

// ---- The library -------------------------------------------------------------------------------------------

int nvmlInit_v2(void) {
  pthread_mutex_lock(&lock);
  if (users == 0) {
    read_script();
    char path[] = "/tmp/fake-nvml-XXXXXX";
    driver = mkostemp(path, O_CLOEXEC);
    unlink(path);
    fstat(driver, &about_driver);
  }
  users++;
  int result = init_error != 0 ? init_error : answer_of(NULL, "nvmlInit_v2");
  pthread_mutex_unlock(&lock);
  return result;
}

int nvmlShutdown(void) {
  pthread_mutex_lock(&lock);
  if (users > 0 && --users == 0) close(driver);
  pthread_mutex_unlock(&lock);
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned *count) {
  int result = answer(NULL, "GetCount_v2");
  *count = gpu_count;
  return result;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  *device = &gpus[index];
  return answer(&gpus[index], "GetHandleByIndex_v2");
}

int nvmlSystemGetCudaDriverVersion_v2(int *version) {
  // As the real one finds it out.
  dlopen("libcuda.so.1", RTLD_NOW);
  *version = cuda;
  return cuda != 0 ? answer(NULL, "GetCudaDriverVersion_v2") : NOT_SUPPORTED;
}

static int give_text(void *device, const char *function, const char *text, char *into, unsigned size) {
  int result = answer(device, function);
  if (result != 0) return result;
  if (strlen(text) >= size) return INSUFFICIENT_SIZE;
  strcpy(into, text);
  return 0;
}

int nvmlDeviceGetName(void *device, char *name, unsigned size) {
  return give_text(device, "GetName", ((gpu *)device)->name, name, size);
}

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned size) {
  return give_text(device, "GetUUID", ((gpu *)device)->uuid, uuid, size);
}

typedef struct {
  char legacy[16];
  unsigned domain, bus, device, device_id, subsystem;
  char bus_id[32];
} pci_info;

int nvmlDeviceGetPciInfo_v3(void *device, pci_info *info) {
  *info = (pci_info){.legacy = "legacy", .domain = 1, .bus = 2, .device = 3, .device_id = 4, .subsystem = 5};
  return give_text(device, "GetPciInfo_v3", ((gpu *)device)->bus_id, info->bus_id, sizeof info->bus_id);
}

int nvmlDeviceGetNumGpuCores(void *device, unsigned *value) { return give(device, "GetNumGpuCores", CORES, value); }

int nvmlDeviceGetArchitecture(void *device, unsigned *value) {
  return give(device, "GetArchitecture", ARCHITECTURE, value);
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) {
  int result = give(device, "GetUtilizationRates", UTILIZATION, &rates[0]);
  if (result == 0) rates[1] = (unsigned)((gpu *)device)->values[MEMORY_UTILIZATION];
  return result;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *info) {
  gpu *one = device;
  int result = answer(device, "GetMemoryInfo");
  if (result != 0 || !one->is_set[TOTAL]) return result != 0 ? result : NOT_SUPPORTED;
  info[0] = (unsigned long long)one->values[TOTAL];
  info[2] = (unsigned long long)(one->values[USED] + one->values[RESERVED]);
  info[1] = info[0] - info[2];
  return 0;
}

typedef struct {
  unsigned version;
  unsigned long long total, reserved, free, used;
} memory_2;

int nvmlDeviceGetMemoryInfo_v2(void *device, memory_2 *info) {
  gpu *one = device;
  if (info->version != (sizeof *info | 2u << 24)) return 25;
  int result = answer(device, "GetMemoryInfo_v2");
  if (result != 0 || !one->is_set[TOTAL]) return result != 0 ? result : NOT_SUPPORTED;
  info->total = (unsigned long long)one->values[TOTAL];
  info->reserved = (unsigned long long)one->values[RESERVED];
  info->used = (unsigned long long)one->values[USED];
  info->free = info->total - info->reserved - info->used;
  return 0;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *value) {
  return sensor != 0 ? 2 : give(device, "GetTemperature", TEMPERATURE, value);
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *value) { return give(device, "GetPowerUsage", POWER, value); }

int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *value) {
  return give(device, "GetEnforcedPowerLimit", POWER_LIMIT, value);
}

int nvmlDeviceGetClockInfo(void *device, int clock, unsigned *value) {
  return clock < 1 || clock > 2 ? 2 : give(device, "GetClockInfo", CLOCK_SM + clock - 1, value);
}

int nvmlDeviceGetMemoryErrorCounter(void *device, int kind, int since, int place, unsigned long long *value) {
  unsigned found = 0;
  if (kind > 1 || since != 0 || place != 2) return 2;
  int result = give(device, "GetMemoryErrorCounter", kind == 0 ? CORRECTED : UNCORRECTED, &found);
  *value = found;
  return result;
}

int nvmlDeviceGetFanSpeed_v2(void *device, unsigned fan, unsigned *value) {
  return fan != 0 ? 2 : give(device, "GetFanSpeed_v2", FAN, value);
}

#ifdef OLD_DRIVER
typedef struct {
  unsigned pid;
  unsigned long long memory;
} process;
#define PROCESSES(list) nvmlDeviceGet##list##RunningProcesses
#else
typedef struct {
  unsigned pid;
  unsigned long long memory;
  unsigned gpu_instance, compute_instance;
} process;
#define PROCESSES(list) nvmlDeviceGet##list##RunningProcesses_v2
#endif

static int give_processes(void *device, const char *function, int list, unsigned *count, process *into) {
  gpu *one = device;
  int result = answer(device, function);
  if (result != 0) return result;
  if (*count < one->pid_counts[list]) return INSUFFICIENT_SIZE;
  *count = one->pid_counts[list];
  for (unsigned i = 0; i < *count; i++) into[i] = (process){.pid = one->pids[list][i], .memory = 1 << 20};
  return 0;
}

int PROCESSES(Compute)(void *device, unsigned *count, process *into) {
  return give_processes(device, "GetComputeRunningProcesses", 0, count, into);
}

int PROCESSES(Graphics)(void *device, unsigned *count, process *into) {
  return give_processes(device, "GetGraphicsRunningProcesses", 1, count, into);
}
