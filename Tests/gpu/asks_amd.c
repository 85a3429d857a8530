// The engine's own questions to the files of AMD's cards, without a thread and a run, for sanitizers: asks_amd ROOT
// SAMPLES.
#include <stdio.h>
#include <stdlib.h>

#include "../../Sources/CTrackShim/amd_figures.h"

// What the engine has elsewhere.
bool tsi_gpu_is_dismissed(void) { return false; }
bool tsi_worker_has_own_files(void) { return true; }
bool tsi_sandbox_is_silent(void) { return false; }

int main(int count, char **words) {
  static tsi_amd_cards cards;
  static tsi_amd_figures figures;
  if (count < 3) return 1;
  bool is_here = tsi_amd_is_here(words[1]);
  tsi_amd_find(words[1], &cards);
  printf("%d %u\n", is_here, cards.count);
  for (uint32_t i = 0; i < cards.count; i++)
    for (int text = 0; text < TSI_AMD_TEXTS; text++) printf("%s\n", cards.texts[i][text]);
  for (int sample = 0; sample < atoi(words[2]); sample++)
    for (uint32_t i = 0; i < cards.count; i++) {
      tsi_amd_measure(&cards.cards[i], &figures);
      printf("figures %u %x %d\n", i, figures.known, figures.is_lost);
    }
  return 0;
}
