// The calls after which a descriptor's number means something else. Only fd 1 and fd 2 matter, and only
// to know whether what is written there is still the program's output (tap.h).
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "next.h"
#include "tap.h"

static int closed(int fd, int result) {
  int before = errno;
  if (tsi_tap_is_stream(fd)) tsi_tap_descriptor_closed(fd);
  errno = before;
  return result;
}

static int replaced(int result) {
  int before = errno;
  if (tsi_tap_is_stream(result)) tsi_tap_descriptor_replaced(result);
  errno = before;
  return result;
}

static void closed_range(unsigned first, unsigned last) {
  for (int fd = 1; fd <= 2; fd++)
    if (first <= (unsigned)fd && (unsigned)fd <= last) closed(fd, 0);
}

TSI_NEXT(close);
TSI_EXPORT int close(int fd) { return closed(fd, TSI_FIND(close)(fd)); }

TSI_NEXT(dup);
TSI_EXPORT int dup(int fd) { return replaced(TSI_FIND(dup)(fd)); }

TSI_NEXT(dup2);
TSI_EXPORT int dup2(int fd, int to) { return replaced(TSI_FIND(dup2)(fd, to)); }

TSI_NEXT(dup3);
TSI_EXPORT int dup3(int fd, int to, int flags) { return replaced(TSI_FIND(dup3)(fd, to, flags)); }

TSI_NEXT(fclose);
TSI_EXPORT int fclose(FILE *file) {
  // The FILE is gone afterwards. Its last flush comes through the slot before the number is closed.
  int fd = file->_fileno;
  return closed(fd, TSI_FIND(fclose)(file));
}

// glibc 2.34 has both; on an older one nobody can call them.
int close_range(unsigned first, unsigned last, int flags);
TSI_NEXT(close_range);
TSI_EXPORT int close_range(unsigned first, unsigned last, int flags) {
  if (TSI_FIND(close_range) == NULL) {
    errno = ENOSYS;
    return -1;
  }
  int result = TSI_FIND(close_range)(first, last, flags);
  int before = errno;
  if (result == 0) closed_range(first, last);
  errno = before;
  return result;
}

void closefrom(int first);
TSI_NEXT(closefrom);
TSI_EXPORT void closefrom(int first) {
  if (TSI_FIND(closefrom) != NULL) TSI_FIND(closefrom)(first);
  int before = errno;
  closed_range(first > 0 ? (unsigned)first : 0, ~0u);
  errno = before;
}
