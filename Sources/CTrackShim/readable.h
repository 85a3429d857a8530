// How much of a buffer can be read, without reading it.
#ifndef TSI_READABLE_H
#define TSI_READABLE_H

#include <stddef.h>
#include <stdint.h>

#include "rawio.h"

// The kernel copies a set of signals before it finds that there is no such way to change the mask: EFAULT where it
// could not, else EINVAL, and nothing was changed. Some 100 ns a page, where process_vm_readv takes two microseconds.
// What another thread unmaps in between is not safe to read. Nor is it on the way that all other output takes, which
// reads what the kernel has just read.
static inline size_t tsi_readable(const void *bytes, size_t size) {
  enum { PAGE = 4096, NO_SUCH_WAY = 0x7473, SET_BYTES = 8 };
  uintptr_t start = (uintptr_t)bytes, at = start;
  while (at - start < size) {
    if (tsi_sys4(SYS_rt_sigprocmask, NO_SUCH_WAY, at & ~(uintptr_t)(SET_BYTES - 1), 0, SET_BYTES) != -EINVAL) break;
    uintptr_t next = (at | (PAGE - 1)) + 1;
    if (next <= at) break;
    at = next;
  }
  return at - start < size ? at - start : size;
}

#endif
