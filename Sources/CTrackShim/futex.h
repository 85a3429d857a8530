#ifndef TSI_FUTEX_H
#define TSI_FUTEX_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "rawio.h"

// Sleeps while *word is `value`, at most `milliseconds`. May return early.
static inline void tsi_futex_wait(_Atomic uint32_t *word, uint32_t value, uint32_t milliseconds) {
  struct timespec limit = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
  tsi_sys4(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &limit);
}

static inline void tsi_futex_wake(_Atomic uint32_t *word) { tsi_sys3(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX); }

#endif
