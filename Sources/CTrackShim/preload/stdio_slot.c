// printf does not call write(): inside glibc, each FILE reaches the kernel through slot 15 of its jump
// table. There are two tables, for byte and wide streams, and both are exported data. Each slot gets a
// function of ours that calls the original and then hands the bytes to the tap.
//
// glibc checks the pointer to a table, not what is in it. Everything this relies on is checked first; where
// something is not as it was on glibc 2.36, 2.41 and 2.43 nothing is changed.
#define _GNU_SOURCE
#include "stdio_slot.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rawio.h"
#include "stdout_file.h"
#include "tap.h"

enum { SETBUF_SLOT = 11, ALLOCATE_SLOT = 13, WRITE_SLOT = 15, PAGE_BYTES = 4096 };

typedef ssize_t write_function(FILE *, const void *, ssize_t);
typedef int allocate_function(FILE *);
typedef FILE *setbuf_function(FILE *, char *, ssize_t);

// glibc's own names; weak, since another libc has none of them.
extern void *_IO_file_jumps[] __attribute__((weak));
extern void *_IO_wfile_jumps[] __attribute__((weak));
extern ssize_t _IO_file_write(FILE *, const void *, ssize_t) __attribute__((weak));
extern int _IO_file_doallocate(FILE *) __attribute__((weak));
extern FILE *_IO_file_setbuf(FILE *, char *, ssize_t) __attribute__((weak));

static write_function *original_write;
static allocate_function *original_allocate;
static setbuf_function *original_setbuf;

static ssize_t write_and_record(FILE *file, const void *bytes, ssize_t size) {
  bool has_begun = tsi_tap_write_begins(file->_fileno);
  ssize_t written = original_write(file, bytes, size);
  int before = errno;
  tsi_tap_file_written(file, bytes, size > 0 ? (size_t)size : 0, written > 0 ? (size_t)written : 0);
  tsi_tap_write_ends(has_begun);
  errno = before;
  return written;
}

// A program may print for hours into its buffer before anything is written. The first printf makes stdout get a
// buffer, here or by setvbuf with one of its own: from then on the worker looks into it.
static int allocate_and_begin(FILE *file) {
  int result = original_allocate(file);
  int before = errno;
  if (tsi_stdout_is(file)) tsi_tap_stdio_begins();
  errno = before;
  return result;
}

static FILE *setbuf_and_begin(FILE *file, char *buffer, ssize_t size) {
  FILE *result = original_setbuf(file, buffer, size);
  int before = errno;
  if (buffer != NULL && size > 0 && tsi_stdout_is(file)) tsi_tap_stdio_begins();
  errno = before;
  return result;
}

// peek.c reads the lock word without taking the lock, so see that it is where it should be.
static int lock_word_tells(FILE *file) {
  const volatile int *word = file->_lock;
  if (word == NULL || *word != 0) return 0;
  flockfile(file);
  int held = *word != 0;
  funlockfile(file);
  return held && *word == 0;
}

static const char *check(void) {
  if (_IO_file_jumps == NULL || _IO_wfile_jumps == NULL || _IO_file_write == NULL)
    return "this C library does not export its stdio tables";
  void **table = *(void ***)((char *)stdout + sizeof(FILE));
  if (stdout->_fileno != 1) return "stdout is not descriptor 1";
  if (table != _IO_file_jumps) return "stdout has another jump table than expected";
  if (_IO_file_jumps[WRITE_SLOT] != (void *)_IO_file_write) return "the write slot is not where it was expected";
  if (_IO_wfile_jumps[WRITE_SLOT] != (void *)_IO_file_write) return "the wide write slot is not where it was expected";
  if (!lock_word_tells(stdout)) return "the lock of stdout looks different";
  return NULL;
}

static int patch(void **slot, void *function) {
  uintptr_t page = (uintptr_t)slot & ~(uintptr_t)(PAGE_BYTES - 1);
  if (tsi_sys3(SYS_mprotect, page, PAGE_BYTES, PROT_READ | PROT_WRITE) != 0) return 0;
  __atomic_store_n(slot, function, __ATOMIC_RELEASE);
  tsi_sys3(SYS_mprotect, page, PAGE_BYTES, PROT_READ);
  return 1;
}

// Only when a line is seen first depends on these, so where they differ they are left alone.
static void hook_buffers(void) {
  original_allocate = _IO_file_doallocate;
  original_setbuf = _IO_file_setbuf;
  if (original_allocate != NULL && _IO_file_jumps[ALLOCATE_SLOT] == (void *)original_allocate)
    patch(&_IO_file_jumps[ALLOCATE_SLOT], (void *)allocate_and_begin);
  if (original_setbuf != NULL && _IO_file_jumps[SETBUF_SLOT] == (void *)original_setbuf)
    patch(&_IO_file_jumps[SETBUF_SLOT], (void *)setbuf_and_begin);
}

static bool is_installed;

const char *tsi_stdio_slot_install(void) {
  const char *wrong = check();
  if (wrong != NULL) return wrong;
  original_write = _IO_file_write;
  if (!patch(&_IO_file_jumps[WRITE_SLOT], (void *)write_and_record)) return "the stdio table cannot be made writable";
  if (!patch(&_IO_wfile_jumps[WRITE_SLOT], (void *)write_and_record))
    return "the wide stdio table cannot be made writable";
  hook_buffers();
  is_installed = true;
  return NULL;
}

// ---- what goes past the slot ---------------------------------------------------------------------------

// "2.41" is 41.
static int minor_version(void) {
  const char *dot = strchr(gnu_get_libc_version(), '.');
  return dot == NULL ? 0 : atoi(dot + 1);
}

// Seen on 2.36 to go through the slot, on 2.39, 2.41, 2.42 and 2.43 not to; it was changed in 2.37.
bool tsi_stdio_slot_sees_dprintf(void) { return is_installed && minor_version() < 37; }

// Seen on 2.36, 2.39, 2.41 and 2.42 to go through the slot, on 2.43 not to.
bool tsi_stdio_slot_sees_assert(void) { return is_installed && minor_version() < 43; }

// perror must not make stderr a byte stream. So while that has not printed yet, it opens a FILE of its own; where
// this fails (stderr that cannot be read, for one) it prints to stderr all the same, which is a byte stream then.
bool tsi_stdio_slot_saw_perror(void) { return is_installed && stderr->_mode != 0; }
