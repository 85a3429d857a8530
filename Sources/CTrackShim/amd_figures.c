// The files are those that ROCm's library reads for what W&B's client records.
#include "amd_figures.h"

#include <string.h>

static const struct {
  const char *file;
  bool is_sensors;
  uint64_t most; // more than this is no answer
} asked[TSI_AMD_FIGURES] = {
    [TSI_AMD_UTILIZATION] = {"gpu_busy_percent", false, 100},
    [TSI_AMD_MEMORY_ACTIVITY] = {"mem_busy_percent", false, 100},
    [TSI_AMD_MEMORY_OVERDRIVE] = {"pp_mclk_od", false, UINT32_MAX},
    [TSI_AMD_MEMORY_TOTAL] = {"mem_info_vram_total", false, UINT64_MAX},
    [TSI_AMD_MEMORY_USED] = {"mem_info_vram_used", false, UINT64_MAX},
    [TSI_AMD_POWER] = {"power1_average", true, UINT64_MAX},
    [TSI_AMD_POWER_LIMIT] = {"power1_cap", true, UINT64_MAX},
};

static bool ask(const tsi_amd_card *card, tsi_amd_figures *figures, int figure, const char *file) {
  uint64_t value;
  int folder = figure == TSI_AMD_TEMPERATURE || asked[figure].is_sensors ? card->monitor : card->device;
  if (!tsi_amd_read_number(folder, file, &value)) return false;
  if (asked[figure].most != 0 && value > asked[figure].most) return false;
  figures->values[figure] = value;
  figures->known |= 1u << figure;
  return true;
}

// To ask a card for its figures wakes it, and a notebook's larger one sleeps for most of the day. Not this question.
static bool sleeps(const tsi_amd_card *card) {
  char text[16];
  return tsi_amd_read(card->device, "power/runtime_status", text, sizeof text) && strcmp(text, "suspended") == 0;
}

void tsi_amd_measure(tsi_amd_card *card, tsi_amd_figures *figures) {
  memset(figures, 0, sizeof *figures);
  card->is_lost = card->is_lost || !tsi_amd_is_there(card);
  figures->is_lost = card->is_lost;
  if (card->is_lost || sleeps(card)) return;
  bool is_power_known = card->has_power_now && ask(card, figures, TSI_AMD_POWER, "power1_input");
  for (int i = 0; i < TSI_AMD_FIGURES; i++)
    if (asked[i].file != NULL && !(i == TSI_AMD_POWER && is_power_known)) ask(card, figures, i, asked[i].file);
  if (card->temperature_file[0] != 0) ask(card, figures, TSI_AMD_TEMPERATURE, card->temperature_file);
}
