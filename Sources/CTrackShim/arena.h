// The memory of our threads.
//
// The host's malloc is the host's: it may be one that knows of no threads, it may hold a lock that our thread would
// be lost with, and where it has nothing left the Swift runtime ends the process. So our threads take their memory
// here, from mappings of the library's own.
//
// Blocks come in sizes of four steps to a doubling and are carved from regions; a freed block waits for the next one
// of its size. Nothing goes back to the system but the pages of large blocks: what recording needs, it needs again.
//
// Full: when the system gives no more (a limit on the host's memory), or past ARENA_BYTES, blocks come from a reserve
// that was mapped at the start. Past half of that `tsi_arena_is_short` tells the worker to stop recording, which it
// still has the memory for.
#ifndef TSI_ARENA_H
#define TSI_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/ctrackshim.h"

enum {
  TSI_ARENA_BYTES = 256 << 20,
  TSI_RESERVE_BYTES = 1 << 20,
};

// True when a block of ours lies there. Any thread.
bool tsi_arena_owns(const void *block);
// The thread that is just inside, 0: none.
uint32_t tsi_arena_holder(void);

#endif
