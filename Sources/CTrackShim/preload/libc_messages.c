// Messages that libc writes to stderr past the FILE `stderr`, and so past the slot (stdio_slot.c). They are short and
// their form is known, so they are put together again.
#define _GNU_SOURCE
#include "libc_messages.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "next.h"
#include "stdio_slot.h"
#include "tap.h"

enum { MOST_PARTS = 11, ERROR_TEXT_BYTES = 256 };

typedef struct {
  struct iovec parts[MOST_PARTS];
  int count;
  size_t size;
} message;

static void add(message *whole, const char *text) {
  size_t size = text == NULL ? 0 : strlen(text);
  if (size == 0) return;
  whole->parts[whole->count++] = (struct iovec){(void *)text, size};
  whole->size += size;
}

static void record(int fd, const message *whole) {
  if (tsi_tap_is_stream(fd)) tsi_tap_written_vector(fd, whole->parts, whole->count, whole->size);
}

// ---- perror: "PREFIX: ERROR" -----------------------------------------------------------------------------

static void record_error(const char *prefix, int number) {
  char text[ERROR_TEXT_BYTES];
  message whole = {.count = 0};
  add(&whole, prefix);
  if (whole.size > 0) add(&whole, ": ");
  add(&whole, strerror_r(number, text, sizeof text));
  add(&whole, "\n");
  record(stderr->_fileno, &whole);
}

TSI_NEXT(perror);
TSI_EXPORT void perror(const char *prefix) {
  int number = errno;
  // How it tells that it could not write.
  bool failed_before = ferror_unlocked(stderr);
  TSI_FIND(perror)(prefix);
  int before = errno;
  bool is_out = failed_before || !ferror_unlocked(stderr);
  if (is_out && !tsi_stdio_slot_saw_perror()) record_error(prefix, number);
  errno = before;
}

// ---- assert: "PROGRAM: FILE:LINE: FUNCTION: Assertion `CLAIM' failed." --------------------------------------

// In English: a translation of libc's is not asked for here, where the program may be in any state.
void tsi_record_assertion(const char *claim, const char *file, unsigned line, const char *function) {
  int before = errno;
  char number[12], *digit = number + sizeof number;
  message whole = {.count = 0};
  *--digit = 0;
  do *--digit = (char)('0' + line % 10);
  while ((line /= 10) > 0);
  add(&whole, program_invocation_short_name);
  if (whole.size > 0) add(&whole, ": ");
  add(&whole, file);
  add(&whole, ":");
  add(&whole, digit);
  add(&whole, ": ");
  add(&whole, function);
  if (function != NULL) add(&whole, ": ");
  add(&whole, "Assertion `");
  add(&whole, claim);
  add(&whole, "' failed.\n");
  record(2, &whole);
  errno = before;
}
