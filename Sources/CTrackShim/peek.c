// A look at what `stdout` holds unflushed, from the worker, without the stream's lock.
//
// Taking the lock (even by ftrylockfile) could stall the host: a worker that is put to sleep while it
// holds it keeps every printf waiting. So the worker only reads, and takes a reading for true when
//   * the stream's lock was free before and after (no stdio call of another thread was under way),
//   * position, buffer and end did not change in between,
// and its caller asks for bytes that already stood there in an earlier look, some milliseconds before.
// That covers the *_unlocked functions too, which take no lock.
//
// One doubt remains: a flush has reached the kernel, and stdio has not yet emptied the buffer. Then the
// buffer holds exactly what the last flush passed; `looks_flushed` says so and the caller waits.
//
// Checked on glibc 2.36, 2.41 and 2.43; the lock word is checked at load (stdio_slot.c).
#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/uio.h>

#include "include/ctrackshim.h"
#include "rawio.h"
#include "stdout_file.h"

extern FILE _IO_2_1_stdout_ __asm__("_IO_2_1_stdout_");

static struct {
  _Atomic uint64_t position;
  const void *_Atomic last_bytes;
  _Atomic size_t last_size;
} passed;

bool tsi_stdout_is(const FILE *file) { return file == &_IO_2_1_stdout_; }

uint64_t tsi_stdout_position(void) { return atomic_load_explicit(&passed.position, memory_order_acquire); }

void tsi_stdout_passed(const void *bytes, size_t size) {
  atomic_store_explicit(&passed.last_bytes, bytes, memory_order_relaxed);
  atomic_store_explicit(&passed.last_size, size, memory_order_relaxed);
  atomic_fetch_add_explicit(&passed.position, size, memory_order_release);
}

static bool is_locked(void) {
  const volatile int *word = _IO_2_1_stdout_._lock;
  return word != NULL && *word != 0;
}

static bool read_buffer(tsi_unflushed *seen) {
  const volatile FILE *file = &_IO_2_1_stdout_;
  // Where stdio is not as expected nothing counts what leaves the buffer, and its words may mean something else.
  if (tsi_tap_degraded() != NULL) return false;
  if (file->_fileno != 1 || file->_mode > 0) return false;
  seen->position = tsi_stdout_position();
  seen->base = (uintptr_t)file->_IO_write_base;
  seen->end = (uintptr_t)file->_IO_write_ptr;
  return seen->end >= seen->base;
}

uint64_t tsi_stdout_printed(void) {
  tsi_unflushed now;
  return read_buffer(&now) ? now.position + (now.end - now.base) : tsi_stdout_position();
}

static bool is_same(const tsi_unflushed *a, const tsi_unflushed *b) {
  return a->position == b->position && a->base == b->base && a->end == b->end;
}

bool tsi_peek_look(tsi_unflushed *seen) {
  tsi_unflushed again;
  if (is_locked() || !read_buffer(seen)) return false;
  atomic_thread_fence(memory_order_seq_cst);
  if (is_locked() || !read_buffer(&again) || !is_same(seen, &again)) return false;
  seen->looks_flushed = seen->base == (uintptr_t)atomic_load_explicit(&passed.last_bytes, memory_order_relaxed) &&
                        seen->end - seen->base == atomic_load_explicit(&passed.last_size, memory_order_relaxed);
  return true;
}

// The host may free the buffer at any moment, so the kernel copies: it answers EFAULT, not SIGSEGV.
bool tsi_peek_copy(const tsi_unflushed *seen, uint8_t *into, size_t size) {
  tsi_unflushed before, after;
  if (!tsi_peek_look(&before) || before.position != seen->position || before.base != seen->base ||
      before.end - before.base < size)
    return false;
  struct iovec from = {(void *)(uintptr_t)seen->base, size};
  struct iovec to = {into, size};
  long copied = tsi_sys6(SYS_process_vm_readv, tsi_thread(), &to, 1, &from, 1, 0);
  if (copied != (long)size || !tsi_peek_look(&after)) return false;
  return after.position == seen->position && after.base == seen->base && after.end >= before.end;
}
