// One card's figures, as the kernel's driver gives them.
#ifndef TSI_AMD_FIGURES_H
#define TSI_AMD_FIGURES_H

#include "amd_cards.h"

typedef struct {
  uint64_t values[TSI_AMD_FIGURES];
  uint32_t known; // a bit for each
  bool is_lost;
} tsi_amd_figures;

// Reads everything. Takes as long as the driver takes.
void tsi_amd_measure(tsi_amd_card *card, tsi_amd_figures *figures);

#endif
