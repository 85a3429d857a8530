#ifndef TSI_NOTE_H
#define TSI_NOTE_H

#include <stdbool.h>
#include <stddef.h>

// The same on a host thread, whose descriptor 2 is the host's.
bool tsi_note_write_here(const char *text, size_t size);

#endif
