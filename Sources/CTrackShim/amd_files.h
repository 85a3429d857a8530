// Small files of the kernel's below /sys, read on the thread of the GPUs (gpu_thread.c): a card that is being reset may
// keep whoever asks for as long as it takes.
#ifndef TSI_AMD_FILES_H
#define TSI_AMD_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a file may have to say that is a number: 20 digits, the end of the line, and one more to see that it is longer.
enum { TSI_AMD_NUMBER = 24 };

// A folder to read in, or a negative number. One that was removed stays removed, whatever comes in its place.
int tsi_amd_open_folder(const char *path);
// The first line, cut to the room, without its end; false: it cannot be read, or is empty.
bool tsi_amd_read(int folder, const char *name, char *text, size_t room);
// A whole number that is all of the first line, of at most 64 bits.
bool tsi_amd_read_number(int folder, const char *name, uint64_t *value);

#endif
