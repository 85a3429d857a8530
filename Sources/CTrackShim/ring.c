#define _GNU_SOURCE
#include "ring.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "copy.h"
#include "rawio.h"
#include "readable.h"

static const char ring_magic[8] = "TSRING3";

enum { NO_GAP, NEVER_PRINTED, DROPPED };
enum { LOCK_TRIES = 100, CREATE_TRIES = 3 };

typedef struct {
  _Atomic uint32_t state; // 0: not committed; else COMMITTED | bytes reserved, or PAD | bytes to skip
  uint32_t size;          // of what could be read, mostly all of it
  uint8_t stream;
  uint8_t kind;
  uint8_t has_gap;
  int64_t time;
  uint64_t position;
} record_header;

static const uint32_t COMMITTED = 1u << 31;
static const uint32_t PAD = 1u << 30;
static const uint32_t SIZE_MASK = (1u << 30) - 1;

static uint64_t padded(uint64_t size) { return (sizeof(record_header) + size + 7) & ~(uint64_t)7; }

// Records stand at multiples of eight. A position that is none comes from a broken ring, and a header there
// could reach beyond its end.
static record_header *header_at(const tsi_ring *ring, uint64_t position) {
  return (record_header *)(void *)&((tsi_ring *)ring)->data[position % TSI_RING_BYTES & ~(uint64_t)7];
}

// Capture path. Reserves `need` bytes in one piece; false when the ring is full or too contended.
static bool reserve(tsi_ring *ring, uint64_t need, uint64_t *at) {
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  for (int attempt = 0; attempt < TSI_RESERVE_TRIES; attempt++) {
    uint64_t room_to_end = TSI_RING_BYTES - head % TSI_RING_BYTES;
    uint64_t pad = room_to_end < need ? room_to_end : 0;
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (tail > head) {
      // This thread slept between the two, and all that `head` counts, and more, was taken meanwhile: not full.
      head = atomic_load_explicit(&ring->head, memory_order_relaxed);
      continue;
    }
    if (head + pad + need - tail > TSI_RING_BYTES) return false;
    if (atomic_compare_exchange_weak_explicit(&ring->head, &head, head + pad + need, memory_order_acq_rel,
                                              memory_order_relaxed)) {
      if (pad > 0) atomic_store_explicit(&header_at(ring, head)->state, PAD | (uint32_t)pad, memory_order_release);
      *at = head + pad;
      return true;
    }
  }
  return false;
}

static bool drop(tsi_ring *ring, uint32_t size) {
  atomic_fetch_add_explicit(&ring->dropped_bytes, size, memory_order_relaxed);
  atomic_store_explicit(&ring->gap, DROPPED, memory_order_relaxed);
  return false;
}

// The first record after a drop says so, since what stands before it and after it is not one line.
static bool take_gap(tsi_ring *ring) {
  if (atomic_load_explicit(&ring->gap, memory_order_relaxed) == NO_GAP) return false;
  return atomic_exchange_explicit(&ring->gap, NO_GAP, memory_order_relaxed) != NO_GAP;
}

static void commit(tsi_ring *ring, record_header *header, const tsi_record *record, uint32_t readable) {
  header->size = readable;
  header->has_gap = take_gap(ring);
  header->stream = record->stream;
  header->kind = record->kind;
  header->time = record->time;
  header->position = record->position;
  atomic_store_explicit(&header->state, COMMITTED | record->size, memory_order_release);
}

bool tsi_ring_put(tsi_ring *ring, const tsi_record *record) {
  uint64_t at;
  if (record->size > TSI_RECORD_BYTES || !reserve(ring, padded(record->size), &at)) return drop(ring, record->size);
  record_header *header = header_at(ring, at);
  tsi_copy(header + 1, record->bytes, record->size);
  commit(ring, header, record, record->size);
  return true;
}

bool tsi_ring_put_untrusted(tsi_ring *ring, const tsi_record *record) {
  uint64_t at;
  if (record->size > TSI_RECORD_BYTES || !reserve(ring, padded(record->size), &at)) return drop(ring, record->size);
  record_header *header = header_at(ring, at);
  uint32_t readable = (uint32_t)tsi_readable(record->bytes, record->size);
  tsi_copy(header + 1, record->bytes, readable);
  // What cannot be read was never printed: the device took the call without looking.
  commit(ring, header, record, readable);
  return readable == record->size;
}

// What never was printed is missing nowhere.
bool tsi_ring_ends_in_gap(const tsi_ring *ring) {
  return atomic_load_explicit(&ring->gap, memory_order_relaxed) == DROPPED;
}

void tsi_ring_mark_gap(tsi_ring *ring) {
  uint8_t expected = NO_GAP;
  atomic_compare_exchange_strong_explicit(&ring->gap, &expected, NEVER_PRINTED, memory_order_relaxed,
                                          memory_order_relaxed);
}

uint64_t tsi_ring_waiting(const tsi_ring *ring) {
  // In this order: both only grow and `tail` never passes `head`, so the difference is never below zero.
  uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
  return atomic_load_explicit(&ring->head, memory_order_relaxed) - tail;
}

// The ring may come from a crashed process or be overwritten by a broken host, so nothing in it is
// trusted: sizes are held against the ring's end, and a senseless one counts as not committed.
bool tsi_ring_next(tsi_ring *ring, uint64_t *cursor, tsi_record *record) {
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
  while (*cursor < head && head - *cursor <= TSI_RING_BYTES) {
    record_header *header = header_at(ring, *cursor);
    uint64_t room = TSI_RING_BYTES - *cursor % TSI_RING_BYTES;
    uint32_t state = atomic_load_explicit(&header->state, memory_order_acquire);
    uint32_t reserved = state & SIZE_MASK;
    if (state & PAD) {
      if (reserved != room) return false;
      *cursor += room;
      continue;
    }
    if (!(state & COMMITTED) || reserved > TSI_RECORD_BYTES || padded(reserved) > room) return false;
    if (header->size > reserved) return false;
    *record = (tsi_record){(const uint8_t *)(header + 1), header->size, header->stream,  header->kind,
                           header->has_gap != 0,          header->time, header->position};
    *cursor += padded(reserved);
    return true;
  }
  return false;
}

uint64_t tsi_ring_head(const tsi_ring *ring) { return atomic_load_explicit(&ring->head, memory_order_acquire); }

uint64_t tsi_ring_tail(const tsi_ring *ring) { return atomic_load_explicit(&ring->tail, memory_order_acquire); }

// Consumer only. The quiet ring starts over at its first page. If the swap succeeds nobody has
// reserved anything since `cursor`, so the skipped bytes are still zero.
static uint64_t start_over_when_empty(tsi_ring *ring, uint64_t cursor) {
  if (cursor % TSI_RING_BYTES < TSI_RECORD_BYTES) return cursor;
  uint64_t next_round = (cursor / TSI_RING_BYTES + 1) * TSI_RING_BYTES;
  uint64_t expected = cursor;
  // `tail` follows at once; until then producers see less room than there is, never more.
  return atomic_compare_exchange_strong(&ring->head, &expected, next_round) ? next_round : cursor;
}

void tsi_ring_release(tsi_ring *ring, uint64_t cursor) {
  uint64_t tail = tsi_ring_tail(ring);
  if (cursor <= tail || cursor - tail > TSI_RING_BYTES) return;
  uint64_t first = tail % TSI_RING_BYTES, size = cursor - tail;
  uint64_t to_end = TSI_RING_BYTES - first;
  memset(&ring->data[first], 0, size < to_end ? size : to_end);
  if (size > to_end) memset(ring->data, 0, size - to_end);
  atomic_store_explicit(&ring->tail, cursor, memory_order_release);
  uint64_t moved = start_over_when_empty(ring, cursor);
  if (moved != cursor) atomic_store_explicit(&ring->tail, moved, memory_order_release);
}

bool tsi_ring_is_stuck(const tsi_ring *ring, uint64_t cursor) {
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
  if (cursor >= head) return false;
  return atomic_load_explicit(&header_at(ring, cursor)->state, memory_order_acquire) == 0;
}

uint64_t tsi_ring_abandon(tsi_ring *ring, uint64_t *cursor) {
  uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
  uint64_t lost = head > *cursor ? head - *cursor : 0;
  *cursor = head;
  return lost;
}

uint64_t tsi_ring_dropped_bytes(const tsi_ring *ring) {
  return atomic_load_explicit(&ring->dropped_bytes, memory_order_relaxed);
}

// ---- where rings come from -------------------------------------------------------------------------

static tsi_ring *prepared(tsi_ring *ring) {
  // A forked child is not part of the run: it gets no ring, so it cannot write into its parent's.
  madvise(ring, sizeof *ring, MADV_DONTFORK);
  memcpy(ring->magic, ring_magic, sizeof ring_magic);
  ring->version = 1;
  ring->owner = tsi_process();
  atomic_store(&ring->clock_offset, tsi_clock_realtime() - tsi_clock_monotonic());
  atomic_store(&ring->exit_hint, -1);
  return ring;
}

tsi_ring *tsi_ring_create_anonymous(void) {
  void *memory =
      mmap(NULL, sizeof(tsi_ring), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? NULL : prepared(memory);
}

static tsi_ring *map_file(int fd, int protection, int sharing) {
  long memory = tsi_sys6(SYS_mmap, NULL, sizeof(tsi_ring), protection, sharing, fd, 0);
  if (memory < 0 && memory > -4096) {
    errno = (int)-memory;
    return NULL;
  }
  return (tsi_ring *)memory;
}

// Somebody who looks for rings of dead processes may hold its lock for a moment, and take it for one of those.
static bool lock_and_keep(int fd) {
  struct stat about;
  for (int attempt = 0; attempt < LOCK_TRIES; attempt++) {
    if (tsi_sys2(SYS_flock, fd, LOCK_EX | LOCK_NB) == 0)
      return tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH) == 0 && about.st_nlink > 0;
    tsi_pause(1);
  }
  return false;
}

static int create_locked(const char *path) {
  for (int attempt = 0; attempt < CREATE_TRIES; attempt++) {
    int fd = tsi_open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0 || lock_and_keep(fd)) return fd;
    tsi_close(fd);
  }
  return -EAGAIN;
}

tsi_ring *tsi_ring_create_file(const char *path) {
  int fd = create_locked(path);
  if (fd < 0) {
    errno = -fd;
    return NULL;
  }
  // All pages now: a page that a full tmpfs cannot give later would be a SIGBUS in the host.
  long failed = tsi_sys4(SYS_fallocate, fd, 0, 0, sizeof(tsi_ring));
  tsi_ring *ring = failed ? NULL : map_file(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
  if (failed) errno = (int)-failed;
  if (ring == NULL) {
    int why = errno;
    tsi_close(fd);
    tsi_unlink(path);
    errno = why;
    return NULL;
  }
  // The descriptor stays open, and with it the lock: it ends with this process and with nothing else.
  return prepared(ring);
}

// A ring that a dead process left holds 4 MiB of memory until somebody recovers its run. All but its header and
// what is still to be recovered is given back; one that was never finished is removed.
static void shrink(const char *path, int fd) {
  struct stat about;
  if (tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH) != 0) return;
  bool is_old = tsi_clock_realtime() / 1000000000 - about.st_mtime > 60;
  if (about.st_size != (int64_t)sizeof(tsi_ring)) {
    if (is_old) tsi_unlink(path);
    return;
  }
  tsi_ring *ring = map_file(fd, PROT_READ, MAP_SHARED);
  if (ring == NULL) return;
  const int64_t page = 4096, data = offsetof(tsi_ring, data), punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  int64_t first = (int64_t)(tsi_ring_tail(ring) % TSI_RING_BYTES) & ~(page - 1);
  int64_t last = ((int64_t)(tsi_ring_head(ring) % TSI_RING_BYTES) + page) & ~(page - 1);
  if (first < last && tsi_ring_waiting(ring) < TSI_RING_BYTES) {
    if (first > 0) tsi_sys4(SYS_fallocate, fd, punch, data, first);
    if (last < TSI_RING_BYTES) tsi_sys4(SYS_fallocate, fd, punch, data + last, TSI_RING_BYTES - last);
  }
  munmap(ring, sizeof *ring);
}

// Everybody may make files in /dev/shm, and name them as ours are named. One of somebody else's is neither believed
// nor mapped: who can make it shorter meanwhile would send us, and the program with us, a SIGBUS.
static int open_own(const char *path, int flags) {
  int fd = tsi_open(path, flags | O_NOFOLLOW, 0);
  if (fd < 0) return fd;
  struct stat about;
  bool is_ours = tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH) == 0 && S_ISREG(about.st_mode) &&
                 about.st_nlink == 1 && about.st_uid == tsi_user() && (about.st_mode & 077) == 0;
  if (is_ours) return fd;
  tsi_close(fd);
  return -EPERM;
}

// Its owner has no thread that could hold the lock, just now (tsi_worker_pause).
static bool is_paused(int fd) {
  uint32_t paused = 0;
  int32_t owner = 0;
  if (tsi_pread(fd, &paused, sizeof paused, offsetof(tsi_ring, paused)) != sizeof paused || paused == 0) return false;
  if (tsi_pread(fd, &owner, sizeof owner, offsetof(tsi_ring, owner)) != sizeof owner) return false;
  return tsi_sys2(SYS_kill, owner, 0) != -ESRCH;
}

void tsi_ring_shrink_left(const char *path) {
  int fd = open_own(path, O_RDWR);
  if (fd < 0) return;
  if (tsi_sys2(SYS_flock, fd, LOCK_EX | LOCK_NB) == 0 && !is_paused(fd)) shrink(path, fd);
  tsi_close(fd);
}

static tsi_ring *checked_left(int fd) {
  bool whole = tsi_file_size(fd) == (int64_t)sizeof(tsi_ring);
  tsi_ring *ring = whole ? map_file(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE) : NULL;
  if (!whole) errno = EINVAL;
  if (ring != NULL && memcmp(ring->magic, ring_magic, sizeof ring_magic) != 0) {
    tsi_ring_close_left(ring);
    errno = EINVAL;
    return NULL;
  }
  return ring;
}

void tsi_ring_pause(tsi_ring *ring) { atomic_store(&ring->paused, 1); }

void tsi_ring_resume(tsi_ring *ring, const char *path) {
  int fd = open_own(path, O_RDWR);
  if (fd >= 0 && !lock_and_keep(fd)) tsi_close(fd);
  atomic_store(&ring->paused, 0);
}

tsi_ring *tsi_ring_open_left(const char *path, int *fd) {
  *fd = open_own(path, O_RDWR);
  if (*fd < 0) {
    errno = -*fd;
    return NULL;
  }
  bool owned = tsi_sys2(SYS_flock, *fd, LOCK_EX | LOCK_NB) != 0 || is_paused(*fd);
  tsi_ring *ring = owned ? NULL : checked_left(*fd);
  if (owned) errno = EBUSY;
  if (ring == NULL) tsi_close(*fd);
  return ring;
}

static bool read_at(const char *path, size_t offset, void *into, size_t size) {
  int fd = open_own(path, O_RDONLY);
  if (fd < 0) return false;
  bool whole = tsi_pread(fd, into, size, (int64_t)offset) == (int64_t)size;
  tsi_close(fd);
  return whole;
}

int32_t tsi_ring_owner_at(const char *path) {
  int32_t owner;
  return read_at(path, offsetof(tsi_ring, owner), &owner, sizeof owner) ? owner : 0;
}

bool tsi_ring_journal_path_at(const char *path, char *into, size_t size) {
  size_t wanted = size < TSI_JOURNAL_PATH_BYTES ? size : TSI_JOURNAL_PATH_BYTES;
  return read_at(path, offsetof(tsi_ring, journal_path), into, wanted) && memchr(into, 0, wanted) != NULL;
}

void tsi_ring_close_left(tsi_ring *ring) {
  if (ring != NULL) munmap(ring, sizeof *ring);
}

int64_t tsi_ring_clock_offset(const tsi_ring *ring) { return atomic_load(&ring->clock_offset); }
int32_t tsi_ring_exit_hint(const tsi_ring *ring) { return atomic_load(&ring->exit_hint); }

const char *tsi_ring_journal_path(const tsi_ring *ring) {
  bool terminated = memchr(ring->journal_path, 0, sizeof ring->journal_path) != NULL;
  return terminated ? ring->journal_path : "";
}

void tsi_ring_set_journal_path(tsi_ring *ring, const char *path) {
  strncpy(ring->journal_path, path, sizeof ring->journal_path - 1);
}

void tsi_ring_set_exit_hint(tsi_ring *ring, int32_t code) { atomic_store(&ring->exit_hint, code); }

void tsi_ring_intend(tsi_ring *ring, tsi_progress next, uint64_t actual_journal_size) {
  uint64_t first = atomic_load(&ring->progress[0].turn);
  uint64_t second = atomic_load(&ring->progress[1].turn);
  int newest = first > second ? 0 : 1;
  // An intention that has not come true (a full disk) is what is replaced, never what is true.
  bool came_true = ring->progress[newest].progress.journal_size <= actual_journal_size;
  int slot = came_true ? 1 - newest : newest;
  uint64_t turn = (first > second ? first : second) + 1;
  // Turn 0 marks the slot as being written: a death in between leaves the other slot to be true.
  atomic_store_explicit(&ring->progress[slot].turn, 0, memory_order_seq_cst);
  ring->progress[slot].progress = next;
  atomic_store_explicit(&ring->progress[slot].turn, turn, memory_order_release);
}

tsi_progress tsi_ring_progress(const tsi_ring *ring, uint64_t actual_journal_size) {
  tsi_progress best = {0, 0, 0};
  uint64_t best_turn = 0;
  for (int slot = 0; slot < 2; slot++) {
    uint64_t turn = atomic_load(&((tsi_ring *)ring)->progress[slot].turn);
    tsi_progress candidate = ring->progress[slot].progress;
    if (turn > best_turn && candidate.journal_size <= actual_journal_size) {
      best_turn = turn;
      best = candidate;
    }
  }
  return best;
}
