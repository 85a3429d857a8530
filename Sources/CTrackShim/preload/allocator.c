// Where the Swift core and its runtime take their memory: on our threads from the arena (arena.h), on the host's
// threads, where they only run for the length of a call of trackshim.h, from the host's malloc.
//
// The linker turns every mention of these names inside the library into __wrap_NAME, and __real_NAME into the host's
// (Package.swift, --wrap). A block is given back to where it came from, whoever gives it back.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "loss.h"
#include "shield.h"
#include "thread.h"

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__real_aligned_alloc(size_t, size_t);
int __real_posix_memalign(void **, size_t, size_t);
void __real_free(void *);
size_t __real_malloc_usable_size(void *);
char *__real_strdup(const char *);

// The core cannot go on without what it asked for, and the runtime would end the process: the thread rests instead.
static void *from_arena(size_t size, size_t alignment) {
  void *block = tsi_arena_allocate(size, alignment);
  if (block == NULL) tsi_shield_lose_thread(TSI_LOST_NO_MEMORY);
  return block;
}

static int is_ours(void) { return tsi_thread_role() != TSI_HOSTS; }

void *__wrap_malloc(size_t size) { return is_ours() ? from_arena(size, 16) : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size) {
  if (!is_ours()) return __real_calloc(count, size);
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  return memset(from_arena(bytes, 16), 0, bytes);
}

void *__wrap_realloc(void *block, size_t size) {
  if (block == NULL) return __wrap_malloc(size);
  if (!tsi_arena_owns(block)) return __real_realloc(block, size);
  void *moved = tsi_arena_resize(block, size);
  if (moved == NULL && is_ours()) tsi_shield_lose_thread(TSI_LOST_NO_MEMORY);
  return moved;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  return is_ours() ? from_arena(size, alignment) : __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
  if (!is_ours()) return __real_posix_memalign(block, alignment, size);
  *block = from_arena(size, alignment);
  return 0;
}

void __wrap_free(void *block) {
  if (block == NULL) return;
  if (tsi_arena_owns(block))
    tsi_arena_free(block);
  else
    __real_free(block);
}

size_t __wrap_malloc_usable_size(void *block) {
  if (block == NULL) return 0;
  return tsi_arena_owns(block) ? tsi_arena_size(block) : __real_malloc_usable_size(block);
}

char *__wrap_strdup(const char *text) {
  if (!is_ours()) return __real_strdup(text);
  size_t size = strlen(text) + 1;
  return memcpy(from_arena(size, 16), text, size);
}
