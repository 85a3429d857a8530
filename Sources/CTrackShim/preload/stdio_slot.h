#ifndef TSI_STDIO_SLOT_H
#define TSI_STDIO_SLOT_H

#include <stdbool.h>

// Hooks the way of every FILE to the kernel. Returns NULL, or why it could not be done: then only
// programs that write without stdio are seen.
const char *tsi_stdio_slot_install(void);

// Whether these pass through the slot, or write past it with the text of their own. perror prints to `stderr`, or
// to a FILE of its own that has another descriptor of the same file.
bool tsi_stdio_slot_sees_dprintf(void);
bool tsi_stdio_slot_sees_assert(void);
bool tsi_stdio_slot_saw_perror(void);

#endif
