#ifndef TSI_IGNORED_H
#define TSI_IGNORED_H

#include <stdbool.h>

// True for shells, launchers and relays, which are never trainers though they may repeat a trainer's
// lines. `more` is the setting TRACKSHIM_IGNORE: further names, separated by commas.
bool tsi_is_ignored(const char *program_path, const char *more);

#endif
