// How many bytes have left the FILE `stdout`, and what its last flush was.
//
// The position makes the peek and the flush meet: a peeked byte and the same byte in a later flush
// have the same position, so it is recorded once.
#ifndef TSI_STDOUT_FILE_H
#define TSI_STDOUT_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

bool tsi_stdout_is(const FILE *file);
uint64_t tsi_stdout_position(void);
// The same and what stdout holds: all that was printed so far.
uint64_t tsi_stdout_printed(void);
// stdio handed `size` bytes at `bytes` to the kernel. Called after they are in the ring, so that whoever
// sees the new position finds them there.
void tsi_stdout_passed(const void *bytes, size_t size);

#endif
