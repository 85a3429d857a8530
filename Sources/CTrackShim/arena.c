#define _GNU_SOURCE
#include "arena.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "lock.h"
#include "rawio.h"
#include "thread.h"

// In front of every block, which is aligned to 16 bytes.
typedef struct {
  uint32_t class;
  uint32_t offset; // from the beginning of what was carved to the block: more than this header where it was aligned
  uint64_t seal;   // tells a block of ours from a pointer into the middle of one
} block_header;

typedef struct free_block {
  struct free_block *next;
} free_block;

typedef struct {
  _Atomic uintptr_t start, end;
} region;

enum {
  HEADER = sizeof(block_header),
  SMALLEST = 32,
  CLASSES = 96, // 32 bytes to some 400 MB
  REGIONS = 64,
  FIRST_REGION = 256 << 10,
  LARGEST_REGION = 16 << 20,
  // The pages of larger blocks are given back when they are freed.
  KEPT_PAGES = 64 << 10,
  HOST_THREAD = ~0u >> 1,
  PATIENCE = 1000,
};

static const uint64_t SEAL = 0x7472616b7368696d;

static struct {
  tsi_lock lock;
  free_block *free[CLASSES];
  uintptr_t next, end; // what is not carved yet of the newest region
  uintptr_t reserve, reserve_end;
  size_t mapped;
  region regions[REGIONS];
  _Atomic int region_count;
  _Atomic bool is_short;
  _Atomic bool refuses; // fault injection: as if the system had nothing left
} arena;

// ---- Sizes ------------------------------------------------------------------------------------------

// 32, 40, 48, 56, 64, 80 … rounded up to 16: class / 4 doublings of SMALLEST, class % 4 quarters of that.
static size_t class_size(uint32_t class) {
  size_t base = (size_t)SMALLEST << class / 4;
  return (base + base / 4 * (class % 4) + 15) & ~(size_t)15;
}

static uint32_t class_for(size_t bytes) {
  if (bytes <= SMALLEST) return 0;
  uint32_t doublings = (uint32_t)(63 - __builtin_clzl(bytes / SMALLEST));
  for (uint32_t class = doublings * 4; class < CLASSES; class ++)
    if (class_size(class) >= bytes) return class;
  return CLASSES;
}

// ---- Where memory comes from --------------------------------------------------------------------------

static uintptr_t map(size_t bytes) {
  if (atomic_load_explicit(&arena.refuses, memory_order_relaxed)) return 0;
  // By libc's name: thread sanitizer forgets at it what the host's threads did at these addresses before.
  void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? 0 : (uintptr_t)at;
}

static bool remember(uintptr_t start, size_t bytes) {
  int count = atomic_load(&arena.region_count);
  if (count >= REGIONS) return false;
  atomic_store(&arena.regions[count].start, start);
  atomic_store(&arena.regions[count].end, start + bytes);
  atomic_store(&arena.region_count, count + 1);
  return true;
}

static void keep(uint32_t class, uintptr_t block) {
  free_block *freed = (free_block *)block;
  freed->next = arena.free[class];
  arena.free[class] = freed;
}

// What is left of a region when a larger one is begun.
static void keep_rest(void) {
  for (uint32_t class = CLASSES; class -- > 0 && arena.end - arena.next >= SMALLEST;)
    while (class_size(class) <= arena.end - arena.next) {
      keep(class, arena.next);
      arena.next += class_size(class);
    }
}

static bool add_region(size_t need) {
  size_t bytes = arena.mapped < FIRST_REGION ? FIRST_REGION : arena.mapped;
  if (bytes > LARGEST_REGION) bytes = LARGEST_REGION;
  if (bytes < need) bytes = (need + 4095) & ~(size_t)4095;
  if (arena.mapped + bytes > TSI_ARENA_BYTES) return false;
  uintptr_t start = map(bytes);
  if (start == 0) return false;
  if (!remember(start, bytes)) {
    munmap((void *)start, bytes);
    return false;
  }
  keep_rest();
  arena.next = start;
  arena.end = start + bytes;
  arena.mapped += bytes;
  return true;
}

static uintptr_t carve_reserve(size_t bytes) {
  if (arena.reserve_end - arena.reserve < bytes) return 0;
  uintptr_t at = arena.reserve;
  arena.reserve += bytes;
  if (arena.reserve_end - arena.reserve < TSI_RESERVE_BYTES / 2) atomic_store(&arena.is_short, true);
  return at;
}

static uintptr_t carve(size_t bytes) {
  if (arena.end - arena.next < bytes && !add_region(bytes)) return carve_reserve(bytes);
  uintptr_t at = arena.next;
  arena.next += bytes;
  return at;
}

bool tsi_arena_prepare(void) {
  uintptr_t start = map(TSI_RESERVE_BYTES);
  if (start == 0 || !remember(start, TSI_RESERVE_BYTES)) return false;
  arena.reserve = start;
  arena.reserve_end = start + TSI_RESERVE_BYTES;
  return true;
}

bool tsi_arena_is_short(void) { return atomic_load_explicit(&arena.is_short, memory_order_relaxed); }
void tsi_arena_refuse(void) { atomic_store(&arena.refuses, true); }
uint32_t tsi_arena_holder(void) { return tsi_lock_owner(&arena.lock); }

bool tsi_arena_owns(const void *block) {
  uintptr_t at = (uintptr_t)block;
  int count = atomic_load_explicit(&arena.region_count, memory_order_acquire);
  for (int i = 0; i < count; i++)
    if (at >= atomic_load_explicit(&arena.regions[i].start, memory_order_relaxed) &&
        at < atomic_load_explicit(&arena.regions[i].end, memory_order_relaxed))
      return true;
  return false;
}

// ---- Blocks -------------------------------------------------------------------------------------------

static block_header *header_of(const void *block) { return (block_header *)((uintptr_t)block - HEADER); }

static size_t padded_size(size_t size, size_t alignment) { return size + HEADER + (alignment > 16 ? alignment : 0); }

void *tsi_arena_allocate(size_t size, size_t alignment) {
  if (size > TSI_ARENA_BYTES || alignment > TSI_ARENA_BYTES) return NULL;
  uint32_t class = class_for(padded_size(size, alignment));
  if (class >= CLASSES) return NULL;
  tsi_lock_take(&arena.lock, tsi_thread_number());
  uintptr_t carved = (uintptr_t)arena.free[class];
  if (carved != 0)
    arena.free[class] = ((free_block *)carved)->next;
  else
    carved = carve(class_size(class));
  tsi_lock_give(&arena.lock);
  if (carved == 0) return NULL;
  uintptr_t block = carved + HEADER;
  if (alignment > 16) block = (block + alignment - 1) & ~(uintptr_t)(alignment - 1);
  *header_of((void *)block) = (block_header){class, (uint32_t)(block - carved), SEAL};
  return (void *)block;
}

size_t tsi_arena_size(const void *block) {
  const block_header *header = header_of(block);
  return class_size(header->class) - header->offset;
}

// A host thread may free a block of ours when the program ends. It does not wait: what it cannot give back at once
// is left.
static bool enter(void) {
  uint32_t number = tsi_thread_number();
  if (number != 0) {
    tsi_lock_take(&arena.lock, number);
    return true;
  }
  for (int i = 0; i < PATIENCE; i++)
    if (tsi_lock_try(&arena.lock, HOST_THREAD)) return true;
  return false;
}

void tsi_arena_free(void *block) {
  block_header *header = header_of(block);
  // Twice, or no block at all: left as it is.
  if (header->seal != SEAL || header->class >= CLASSES) return;
  header->seal = 0;
  uint32_t class = header->class;
  uintptr_t carved = (uintptr_t)block - header->offset;
  size_t bytes = class_size(class);
  if (bytes > KEPT_PAGES) {
    uintptr_t first = (carved + 4096 + sizeof(free_block)) & ~(uintptr_t)4095,
              end = (carved + bytes) & ~(uintptr_t)4095;
    if (first < end) tsi_sys3(SYS_madvise, first, end - first, MADV_DONTNEED);
  }
  if (!enter()) return;
  keep(class, carved);
  tsi_lock_give(&arena.lock);
}

void *tsi_arena_resize(void *block, size_t size) {
  size_t had = tsi_arena_size(block);
  if (size <= had && size >= had / 2) return block;
  void *moved = tsi_arena_allocate(size, 16);
  if (moved == NULL) return size <= had ? block : NULL;
  memcpy(moved, block, size < had ? size : had);
  tsi_arena_free(block);
  return moved;
}
