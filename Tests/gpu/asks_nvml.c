// The engine's own questions to NVML, without a thread and a run, for sanitizers: asks_nvml LIBRARY SAMPLES.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../Sources/CTrackShim/nvml_devices.h"

// What the engine has elsewhere.
bool tsi_gpu_is_dismissed(void) { return false; }
int32_t tsi_process(void) { return getpid(); }
long tsi_page_size(void) { return sysconf(_SC_PAGESIZE); }

int main(int count, char **words) {
  static tsi_nvml nvml;
  static tsi_gpu_devices devices;
  static tsi_gpu_figures figures;
  char why[256] = "";
  if (count < 3 || !tsi_nvml_load(words[1], &nvml, why, sizeof why)) return fprintf(stderr, "%s\n", why), 1;
  if (!tsi_gpu_find_devices(&nvml, &devices, why, sizeof why)) return fprintf(stderr, "%s\n", why), 2;
  printf("%u %d\n", devices.count, devices.driver_cuda_version);
  for (int sample = 0; sample < atoi(words[2]); sample++)
    for (uint32_t i = 0; i < tsi_gpu_measured(&devices); i++) {
      tsi_gpu_measure(&nvml, &devices.gpus[i], &figures);
      printf("%u %s %x %d %d\n", i, devices.infos[i].name, figures.known, figures.is_used, figures.is_lost);
    }
  return 0;
}
