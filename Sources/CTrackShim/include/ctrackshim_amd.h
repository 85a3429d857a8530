// AMD's GPUs, as the Swift core sees them: what the kernel's driver says of them in /sys, read on the thread of
// ctrackshim_gpu.h and left with the others' sample.
#ifndef CTRACKSHIM_AMD_H
#define CTRACKSHIM_AMD_H

#include <stdbool.h>
#include <stdint.h>

// Further ones are not seen.
enum { TSI_AMD_LIMIT = 64 };

enum {
  TSI_AMD_UTILIZATION,      // percent
  TSI_AMD_MEMORY_ACTIVITY,  // percent of the time that the memory was read or written
  TSI_AMD_MEMORY_OVERDRIVE, // percent that its clock is raised by
  TSI_AMD_MEMORY_TOTAL,     // bytes
  TSI_AMD_MEMORY_USED,      // bytes
  TSI_AMD_TEMPERATURE,      // of the memory, thousandths of a degree Celsius
  TSI_AMD_POWER,            // µW
  TSI_AMD_POWER_LIMIT,      // µW
  TSI_AMD_FIGURES,
};

// What the driver says of a card itself, each a line of text as it stands in the file.
enum {
  TSI_AMD_UNIQUE_ID,
  TSI_AMD_VBIOS,
  TSI_AMD_PERFORMANCE,
  TSI_AMD_CORE_OVERDRIVE_TEXT,
  TSI_AMD_MEMORY_OVERDRIVE_TEXT,
  TSI_AMD_POWER_LIMIT_TEXT,
  TSI_AMD_PRODUCT,
  TSI_AMD_DEVICE_ID,
  TSI_AMD_TEXTS,
};

// A card of AMD's is there. `root`: /sys, or what stands for it. Asks only for what the kernel knows without the card.
bool tsi_amd_is_here(const char *root);

// How many, in the order of their PCI addresses; 0 until they are known (tsi_gpu_are_known).
uint32_t tsi_amd_count(void);
// Empty: not known.
const char *tsi_amd_text(uint32_t card, int text);

// Of the sample that is looked at (tsi_gpu_take). False: this card does not have it, or did not say.
bool tsi_amd_figure(uint32_t card, int figure, uint64_t *value);
// It was taken away, for good.
bool tsi_amd_is_lost(uint32_t card);

#endif
