// The machine's cards of AMD's: found once, when the thread starts.
#ifndef TSI_AMD_CARDS_H
#define TSI_AMD_CARDS_H

#include "amd_files.h"
#include "include/ctrackshim_amd.h"

enum { TSI_AMD_TEXT_ROOM = 96 };

typedef struct {
  int device, monitor;       // folders; negative: there is none
  bool is_lost;              // it was taken away
  bool has_power_now;        // beside the average one
  char temperature_file[16]; // that of the memory; empty: there is none
  uint32_t number;           // the kernel's, which has those of other makers in between
  char address[20];          // on the PCI bus
} tsi_amd_card;

typedef struct {
  uint32_t count;
  tsi_amd_card cards[TSI_AMD_LIMIT];
  char texts[TSI_AMD_LIMIT][TSI_AMD_TEXTS][TSI_AMD_TEXT_ROOM]; // each ended by 0
} tsi_amd_cards;

// The thread was sent away (gpu_thread.c).
bool tsi_gpu_is_dismissed(void);

void tsi_amd_find(const char *root, tsi_amd_cards *cards);
// It still is what it was when it was found. Asks the kernel only.
bool tsi_amd_is_there(const tsi_amd_card *card);

#endif
