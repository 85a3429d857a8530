#ifndef TSI_STDIO_SLOT_H
#define TSI_STDIO_SLOT_H

// Hooks the way of every FILE to the kernel. Returns NULL, or why it could not be done: then only
// programs that write without stdio are seen.
const char *tsi_stdio_slot_install(void);

#endif
