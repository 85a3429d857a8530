// A lock between the threads of ours that says who holds it: a thread that is lost while it does must not be
// waited for. Not for the host's threads, which only ever try.
#ifndef TSI_LOCK_H
#define TSI_LOCK_H

#include <stdbool.h>

#include "futex.h"

typedef struct {
  _Atomic uint32_t owner; // futex word: a thread's number, 0 while it is free
  _Atomic uint32_t waiting;
} tsi_lock;

// Thread sanitizer watches the memory functions of every library, so where it runs it is told of this lock.
void __tsan_acquire(void *) __attribute__((weak));
void __tsan_release(void *) __attribute__((weak));

static inline bool tsi_lock_try(tsi_lock *lock, uint32_t owner) {
  uint32_t nobody = 0;
  if (!atomic_compare_exchange_strong_explicit(&lock->owner, &nobody, owner, memory_order_acquire,
                                               memory_order_relaxed))
    return false;
  if (__tsan_acquire) __tsan_acquire(lock);
  return true;
}

static inline void tsi_lock_take(tsi_lock *lock, uint32_t owner) {
  while (!tsi_lock_try(lock, owner)) {
    uint32_t holder = atomic_load(&lock->owner);
    if (holder == 0) continue;
    atomic_fetch_add(&lock->waiting, 1);
    tsi_futex_wait(&lock->owner, holder, 10);
    atomic_fetch_sub(&lock->waiting, 1);
  }
}

static inline void tsi_lock_give(tsi_lock *lock) {
  if (__tsan_release) __tsan_release(lock);
  atomic_store(&lock->owner, 0);
  if (atomic_load(&lock->waiting) > 0) tsi_futex_wake(&lock->owner);
}

static inline uint32_t tsi_lock_owner(tsi_lock *lock) { return atomic_load(&lock->owner); }

#endif
