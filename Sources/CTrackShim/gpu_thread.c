// The thread that asks the drivers, NVIDIA's through its library and AMD's through files, so that nobody else waits for
// them.
//
//   worker   tsi_gpu_start, then tsi_gpu_ask and tsi_gpu_take now and then; never waits
//   ours     loads NVML, finds the GPUs, then sleeps until a sample is wanted, takes it and leaves it
//
// A call into a driver may take seconds, or hang. Then nothing comes, and no second call is made. The thread is never
// joined; at the program's end nobody waits for it.
//
// Its file table is its own: what NVML opens is neither among the host's descriptors nor among the worker's, so neither
// can close it, and NVML cannot close theirs.
//
// Samples are left in three places, of which each side has one and the third is exchanged: neither waits, and none is
// ever read half written.
#define _GNU_SOURCE
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#include "amd_figures.h"
#include "futex.h"
#include "host_malloc.h"
#include "include/ctrackshim.h"
#include "include/ctrackshim_gpu.h"
#include "nvml_devices.h"
#include "nvml_library.h"
#include "rawio.h"
#include "sandbox.h"
#include "thread.h"

enum {
  SLEEP_MILLISECONDS = 60000,
  FRESH = 4, // beside the number of a place: nobody has looked at it
};
// A sample that took longer says nothing of now.
static const int64_t longest_sample = 10000000000;

typedef struct {
  tsi_gpu_figures gpus[TSI_GPU_LIMIT];
  tsi_amd_figures amds[TSI_AMD_LIMIT];
  int64_t took;
} sample;

static struct {
  char library[PATH_MAX], sysfs[PATH_MAX];
  bool asks_nvidia, asks_amd;
  _Atomic bool was_started, is_running, is_dismissed, is_lost;
  _Atomic uint32_t asked; // futex word, counts
  _Atomic int64_t busy_since;
  _Atomic bool are_known;
  _Atomic bool has_trouble;
  char trouble[256];
  tsi_gpu_devices devices; // the thread's until `are_known`, then nobody's but for the handles and what is unsupported
  tsi_amd_cards cards;     // the same, but for who is lost
  sample places[3];
  _Atomic uint32_t exchanged;
  uint32_t ours;    // the thread's place
  uint32_t workers; // the worker's
} gpu;

// ---- The thread --------------------------------------------------------------------------------------------

static void begin_asking(void) { atomic_store(&gpu.busy_since, tsi_clock_monotonic()); }
static void end_asking(void) { atomic_store(&gpu.busy_since, 0); }

// exit() says so before it runs finalizers (bootstrap.c). So either it finds them taken out, or we see that it has
// begun: then nothing is started that a finalizer could wait for.
static bool open_nvml(tsi_nvml *nvml) {
  return tsi_nvml_load(gpu.library[0] != 0 ? gpu.library : NULL, nvml, gpu.trouble, sizeof gpu.trouble) &&
         !tsi_gpu_is_dismissed() && tsi_gpu_find_devices(nvml, &gpu.devices, gpu.trouble, sizeof gpu.trouble) &&
         !tsi_gpu_is_dismissed();
}

// AMD's first: they need nothing that could be missing.
static bool open_drivers(tsi_nvml *nvml) {
  tsi_fault("gpu-load");
  if (gpu.asks_amd) tsi_amd_find(gpu.sysfs, &gpu.cards);
  gpu.asks_nvidia = gpu.asks_nvidia && open_nvml(nvml);
  if (!gpu.asks_nvidia) gpu.devices.count = 0;
  return gpu.asks_nvidia || gpu.cards.count > 0;
}

static void take_sample(const tsi_nvml *nvml) {
  sample *place = &gpu.places[gpu.ours];
  int64_t began = tsi_clock_monotonic();
  tsi_fault("gpu-sample");
  for (uint32_t i = 0; i < tsi_gpu_measured(&gpu.devices); i++)
    tsi_gpu_measure(nvml, &gpu.devices.gpus[i], &place->gpus[i]);
  for (uint32_t i = 0; i < gpu.cards.count; i++) tsi_amd_measure(&gpu.cards.cards[i], &place->amds[i]);
  if (tsi_gpu_is_dismissed()) return;
  place->took = tsi_clock_monotonic() - began;
  gpu.ours = atomic_exchange(&gpu.exchanged, gpu.ours | FRESH) & ~(uint32_t)FRESH;
}

static void serve(const tsi_nvml *nvml) {
  uint32_t served = 0;
  while (!atomic_load(&gpu.is_dismissed)) {
    uint32_t asked = atomic_load(&gpu.asked);
    if (asked == served) {
      tsi_futex_wait(&gpu.asked, asked, SLEEP_MILLISECONDS);
      continue;
    }
    begin_asking();
    take_sample(nvml);
    // What was asked for meanwhile has just been taken.
    served = atomic_load(&gpu.asked);
    end_asking();
  }
}

static void *run(void *unused) {
  (void)unused;
  static tsi_nvml nvml;
  tsi_thread_introduce(TSI_GPUS, "trackshim-gpu");
  if (tsi_thread_leave_files() && tsi_thread_fill_standard_numbers() && !atomic_load(&gpu.is_dismissed)) {
    bool was_nvidia_wanted = gpu.asks_nvidia;
    begin_asking();
    bool is_open = open_drivers(&nvml);
    end_asking();
    if (is_open) atomic_store(&gpu.are_known, true);
    if (gpu.asks_nvidia != was_nvidia_wanted) atomic_store(&gpu.has_trouble, true);
    if (is_open) serve(&nvml);
  }
  tsi_thread_take_leave();
  atomic_store(&gpu.is_running, false);
  // Past libc's own end of a thread, which would give back memory that another libc has put there (nvml_library.c).
  for (;;) tsi_sys1(SYS_exit, 0);
}

// ---- The worker's side -------------------------------------------------------------------------------------

// Where the driver is not loaded, or its device is missing, NVML runs nvidia-modprobe, a child of the host's, changes
// the action of SIGCHLD meanwhile, and as root makes the device. So it is not even loaded there: a program that
// computes on a GPU has both when its run begins. The last one is what a driver on Windows shows to its Linux guests.
static bool is_nvidia_here(void) {
  bool is_on_linux = tsi_exists("/proc/driver/nvidia") && tsi_exists("/dev/nvidiactl");
  return is_on_linux || tsi_exists("/dev/dxg");
}

// The host's malloc gives each thread that uses it 64 MiB of addresses, and NVML wants some; where they are counted
// they are the program's. None that computes on a GPU can live with such a limit.
static bool are_addresses_limited(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static void give_up(const char *why) {
  strncpy(gpu.trouble, why, sizeof gpu.trouble - 1);
  atomic_store(&gpu.has_trouble, true);
}

static void start(void) {
  // The loader takes memory of the host's malloc for what it loads, and libc for a thread that is started.
  const char *forbidden = tsi_host_malloc_forbids();
  if (forbidden != NULL) return give_up(forbidden);
  if (are_addresses_limited()) return give_up("the program's addresses are limited (ulimit -v)");
  if (!tsi_worker_has_own_files()) return give_up("the kernel gives no file table of its own");
  // Here and not where they are declared: all of it would stand in the library's file.
  gpu.ours = 1;
  gpu.workers = 2;
  atomic_store(&gpu.is_running, true);
  atomic_store(&gpu.was_started, true);
  if (tsi_thread_start(run)) return;
  atomic_store(&gpu.is_running, false);
  atomic_store(&gpu.was_started, false);
  give_up("no thread could be had");
}

bool tsi_gpu_start(const char *library, const char *sysfs) {
  strncpy(gpu.library, library, sizeof gpu.library - 1);
  strncpy(gpu.sysfs, sysfs, sizeof gpu.sysfs - 1);
  gpu.asks_nvidia = gpu.library[0] != 0 || is_nvidia_here();
  gpu.asks_amd = tsi_amd_is_here(gpu.sysfs);
  if (!gpu.asks_nvidia && !gpu.asks_amd) return false;
  start();
  return true;
}

void tsi_gpu_thread_is_lost(void) {
  atomic_store(&gpu.is_dismissed, true);
  atomic_store(&gpu.is_lost, true);
  end_asking();
}

bool tsi_gpu_may_still_ask(void) { return tsi_gpu_is_running() && !atomic_load(&gpu.is_lost); }

bool tsi_gpu_was_started(void) { return atomic_load(&gpu.was_started); }

bool tsi_gpu_is_dismissed(void) { return atomic_load(&gpu.is_dismissed); }

bool tsi_gpu_is_running(void) { return atomic_load(&gpu.is_running); }

static void wake(void) {
  atomic_fetch_add(&gpu.asked, 1);
  // It finds out within a minute where a host's thread may not call.
  if (tsi_sandbox_is_silent() && tsi_thread_role() == TSI_HOSTS) return;
  tsi_futex_wake(&gpu.asked);
}

void tsi_gpu_dismiss(void) {
  atomic_store(&gpu.is_dismissed, true);
  if (tsi_gpu_is_running()) wake();
}

void tsi_gpu_begin_nothing(void) { atomic_store(&gpu.is_dismissed, true); }

void tsi_gpu_ask(void) { wake(); }

int64_t tsi_gpu_busy_since(void) { return atomic_load(&gpu.busy_since); }

const char *tsi_gpu_trouble(void) { return atomic_load(&gpu.has_trouble) ? gpu.trouble : NULL; }

bool tsi_gpu_take(void) {
  if (!(atomic_load(&gpu.exchanged) & FRESH)) return false;
  gpu.workers = atomic_exchange(&gpu.exchanged, gpu.workers) & ~(uint32_t)FRESH;
  return gpu.places[gpu.workers].took <= longest_sample;
}

static const tsi_gpu_figures *figures_of(uint32_t number) {
  return number < TSI_GPU_LIMIT ? &gpu.places[gpu.workers].gpus[number] : NULL;
}

bool tsi_gpu_figure(uint32_t number, int figure, uint64_t *value) {
  const tsi_gpu_figures *figures = figures_of(number);
  if (figures == NULL || figure < 0 || figure >= TSI_GPU_FIGURES || !(figures->known & 1u << figure)) return false;
  *value = figures->values[figure];
  return true;
}

bool tsi_gpu_is_used(uint32_t number) {
  const tsi_gpu_figures *figures = figures_of(number);
  return figures != NULL && figures->is_used;
}

bool tsi_gpu_is_lost(uint32_t number) {
  const tsi_gpu_figures *figures = figures_of(number);
  return figures != NULL && figures->is_lost;
}

bool tsi_gpu_are_known(void) { return atomic_load(&gpu.are_known); }
uint32_t tsi_gpu_count(void) { return tsi_gpu_are_known() ? gpu.devices.count : 0; }

tsi_gpu_info tsi_gpu_info_of(uint32_t number) {
  static const tsi_gpu_info nothing;
  return tsi_gpu_are_known() && number < TSI_GPU_LIMIT ? gpu.devices.infos[number] : nothing;
}

int tsi_gpu_driver_cuda_version(void) { return tsi_gpu_are_known() ? gpu.devices.driver_cuda_version : 0; }

// ---- AMD's -------------------------------------------------------------------------------------------------

uint32_t tsi_amd_count(void) { return tsi_gpu_are_known() ? gpu.cards.count : 0; }

const char *tsi_amd_text(uint32_t card, int text) {
  return card < tsi_amd_count() && text >= 0 && text < TSI_AMD_TEXTS ? gpu.cards.texts[card][text] : "";
}

bool tsi_amd_figure(uint32_t card, int figure, uint64_t *value) {
  if (card >= TSI_AMD_LIMIT || figure < 0 || figure >= TSI_AMD_FIGURES) return false;
  const tsi_amd_figures *figures = &gpu.places[gpu.workers].amds[card];
  if (!(figures->known & 1u << figure)) return false;
  *value = figures->values[figure];
  return true;
}

bool tsi_amd_is_lost(uint32_t card) { return card < TSI_AMD_LIMIT && gpu.places[gpu.workers].amds[card].is_lost; }
