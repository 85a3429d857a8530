#define _GNU_SOURCE
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "rawio.h"
#include "ring.h"
#include "sandbox.h"
#include "stdout_file.h"
#include "worker.h"

static struct {
  _Atomic int state;
  // A page of its own that reads 0 in every forked child, however it was made (MADV_WIPEONFORK).
  _Atomic uint32_t *armed;
  _Atomic(tsi_ring *) ring;
  int32_t process;
  int64_t load_time;
  _Atomic bool is_stream[3];
  // Memory devices accept a write without reading it, so its source may be no memory at all.
  _Atomic bool unread_source[3];
  _Atomic uint64_t file[3]; // device and inode, folded
  _Atomic bool is_mid_line[3];
  _Atomic int64_t printed[3]; // when the last bytes of each stream came
  _Atomic int32_t writers;    // threads that are writing to one
  _Atomic uint64_t unseen, dropped;
  const char *_Atomic degraded;
  _Atomic bool claimed, has_runs_ring;
} tap = {.state = TSI_OFF, .is_stream = {false, true, true}};

int64_t tsi_clock_monotonic(void) {
  // Coarse: 5 ns and never a system call; 1 to 4 ms are fine enough for a line of text.
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t tsi_clock_realtime(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static uint64_t file_identity(const struct stat *about) { return about->st_ino ^ (uint64_t)about->st_dev << 40; }

static void learn(int fd) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH);
  bool memory_device = !failed && S_ISCHR(about.st_mode) && major(about.st_rdev) == 1;
  atomic_store_explicit(&tap.unread_source[fd], memory_device, memory_order_relaxed);
  atomic_store_explicit(&tap.file[fd], failed ? (uint64_t)-fd : file_identity(&about), memory_order_relaxed);
  // Closed: the number will belong to the next file that the program opens.
  atomic_store_explicit(&tap.is_stream[fd], !failed, memory_order_relaxed);
}

bool tsi_tap_is_programs_stderr(int fd) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH);
  return !failed && atomic_load(&tap.is_stream[2]) && file_identity(&about) == atomic_load(&tap.file[2]);
}

void tsi_tap_load(void) {
  tap.process = tsi_process();
  tap.load_time = tsi_clock_monotonic();
  learn(1);
  learn(2);
  atomic_store(&tap.state, TSI_ASLEEP);
}

int64_t tsi_tap_load_time(void) { return tap.load_time; }
tsi_ring *tsi_tap_ring(void) { return atomic_load_explicit(&tap.ring, memory_order_acquire); }
uint64_t tsi_tap_unseen_bytes(void) { return atomic_load(&tap.unseen); }
uint64_t tsi_tap_dropped_bytes(void) { return atomic_load(&tap.dropped); }
const char *tsi_tap_degraded(void) { return atomic_load(&tap.degraded); }
void tsi_tap_set_degraded(const char *why) { atomic_store(&tap.degraded, why); }

void tsi_tap_switch_ring(tsi_ring *ring) {
  atomic_store_explicit(&tap.ring, ring, memory_order_release);
  atomic_store(&tap.has_runs_ring, true);
}

void tsi_tap_set_claimed(void) { atomic_store(&tap.claimed, true); }
bool tsi_tap_is_claimed(void) { return atomic_load(&tap.claimed); }
void tsi_tap_off(void) { atomic_store(&tap.state, TSI_OFF); }

bool tsi_tap_is_own_process(void) { return tsi_process() == tap.process; }

bool tsi_tap_is_asleep(void) { return atomic_load(&tap.state) == TSI_ASLEEP; }

bool tsi_tap_is_awake(void) {
  return atomic_load_explicit(&tap.state, memory_order_acquire) == TSI_AWAKE &&
         atomic_load_explicit(tap.armed, memory_order_relaxed) != 0;
}

bool tsi_tap_has_runs_ring(void) { return tsi_tap_is_awake() && atomic_load(&tap.has_runs_ring); }

// ---- the first output ----------------------------------------------------------------------------

static bool streams_are_one(void) {
  return atomic_load_explicit(&tap.file[1], memory_order_relaxed) ==
         atomic_load_explicit(&tap.file[2], memory_order_relaxed);
}

bool tsi_tap_is_at_line_start(void) {
  return !atomic_load(&tap.is_mid_line[2]) && !(streams_are_one() && atomic_load(&tap.is_mid_line[1]));
}

// A program that prints a line in pieces prints the next one at once: between the two is no room for a note.
bool tsi_tap_is_quiet(void) {
  enum { PAUSE = 4000000 };
  if (atomic_load(&tap.writers) > 0) return false;
  int64_t now = tsi_clock_monotonic();
  return now - atomic_load_explicit(&tap.printed[2], memory_order_relaxed) >= PAUSE &&
         !(streams_are_one() && now - atomic_load_explicit(&tap.printed[1], memory_order_relaxed) < PAUSE);
}

static bool map_what_is_needed(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return false;
  // Without it a forked child could not be told from us.
  if (madvise(page, 4096, MADV_WIPEONFORK) != 0) {
    munmap(page, 4096);
    return false;
  }
  tsi_ring *ring = tsi_ring_create_anonymous();
  if (ring == NULL) {
    munmap(page, 4096);
    return false;
  }
  tap.armed = page;
  atomic_store(tap.armed, 1);
  atomic_store(&tap.ring, ring);
  return true;
}

// Runs once. A thread that prints meanwhile waits some microseconds for it, at most
// START_PATIENCE turns; so does a signal handler that interrupted it, in vain, and its line is dropped.
static bool begin(void) {
  int expected = TSI_ASLEEP;
  if (!atomic_compare_exchange_strong(&tap.state, &expected, TSI_STARTING)) return false;
  bool ready = map_what_is_needed();
  atomic_store_explicit(&tap.state, ready ? TSI_AWAKE : TSI_OFF, memory_order_release);
  if (!ready) tsi_worker_say_none();
  return ready;
}

enum { START_PATIENCE = 1000 };

static bool wake_up(void) {
  // A child forked before anything was printed: dark, like every child.
  if (atomic_load(&tap.state) == TSI_ASLEEP && !tsi_tap_is_own_process()) return false;
  if (begin()) return true;
  for (int turn = 0; turn < START_PATIENCE; turn++) {
    if (atomic_load_explicit(&tap.state, memory_order_acquire) != TSI_STARTING) break;
    tsi_sys1(SYS_sched_yield, 0);
  }
  return atomic_load_explicit(&tap.state, memory_order_acquire) == TSI_AWAKE;
}

static bool is_recording(void) {
  int state = atomic_load_explicit(&tap.state, memory_order_acquire);
  if (state == TSI_OFF) return false;
  if (state != TSI_AWAKE && !wake_up()) return false;
  return atomic_load_explicit(tap.armed, memory_order_relaxed) != 0;
}

// pthread_create is not for signal handlers. stdio is neither, so its slot may start the worker;
// write() may be called in one, which shows in most handlers as a changed signal mask.
static void start_worker_if_needed(bool stdio_caller) {
  if (tsi_worker_is_started()) return;
  tsi_worker_start_from(stdio_caller);
}

bool tsi_tap_can_record(void) { return is_recording(); }

void tsi_tap_stdio_begins(void) {
  if (is_recording()) start_worker_if_needed(true);
}

// ---- recording -----------------------------------------------------------------------------------

static void put_pieces(tsi_record record, const uint8_t *bytes, size_t size, bool untrusted) {
  tsi_ring *ring = tsi_tap_ring();
  tsi_worker_watch(record.time);
  do {
    record.bytes = bytes;
    record.size = size < TSI_RECORD_BYTES ? (uint32_t)size : TSI_RECORD_BYTES;
    if (untrusted && tsi_sandbox_is_silent())
      tsi_ring_mark_gap(ring);
    else if (untrusted)
      tsi_ring_put_untrusted(ring, &record);
    else
      tsi_ring_put(ring, &record);
    bytes += record.size;
    size -= record.size;
    record.position += record.size;
  } while (size > 0);
  if (tsi_ring_waiting(ring) > TSI_WAKE_BYTES) tsi_worker_wake();
}

static void record_bytes(int fd, const void *bytes, size_t size, uint8_t kind, uint64_t position, bool stdio_caller) {
  tsi_record record = {.stream = (uint8_t)fd, .kind = kind, .time = tsi_clock_monotonic(), .position = position};
  atomic_store_explicit(&tap.printed[fd], record.time, memory_order_relaxed);
  bool unread = atomic_load_explicit(&tap.unread_source[fd], memory_order_relaxed);
  if (!unread)
    atomic_store_explicit(&tap.is_mid_line[fd], ((const char *)bytes)[size - 1] != '\n', memory_order_relaxed);
  put_pieces(record, bytes, size, unread);
  start_worker_if_needed(stdio_caller);
}

bool tsi_tap_write_begins(int fd) {
  if (!tsi_tap_is_stream(fd) || atomic_load_explicit(&tap.state, memory_order_relaxed) != TSI_AWAKE) return false;
  if (fd == 1 && !streams_are_one()) return false;
  atomic_fetch_add_explicit(&tap.writers, 1, memory_order_relaxed);
  return true;
}

void tsi_tap_write_ends(bool has_begun) {
  if (has_begun) atomic_fetch_sub_explicit(&tap.writers, 1, memory_order_relaxed);
}

void tsi_tap_written(int fd, const void *bytes, size_t size) {
  if (!atomic_load_explicit(&tap.is_stream[fd], memory_order_relaxed)) return;
  if (size == 0 || !is_recording()) return;
  record_bytes(fd, bytes, size, TSI_BYTES, 0, false);
  tsi_worker_flush_if_ending();
}

void tsi_tap_written_vector(int fd, const struct iovec *parts, int count, size_t size) {
  for (int i = 0; i < count && size > 0; i++) {
    size_t piece = parts[i].iov_len < size ? parts[i].iov_len : size;
    tsi_tap_written(fd, parts[i].iov_base, piece);
    size -= piece;
  }
}

void tsi_tap_file_written(FILE *file, const void *bytes, size_t size, size_t written) {
  bool is_stdout = tsi_stdout_is(file);
  // What stdio passes is gone from its buffer, whether it was written or failed.
  uint64_t position = is_stdout ? tsi_stdout_position() : 0;
  int fd = file->_fileno;
  bool counts = tsi_tap_is_stream(fd) && (is_stdout || atomic_load_explicit(&tap.is_stream[fd], memory_order_relaxed));
  bool recorded = counts && written > 0 && is_recording();
  if (recorded) record_bytes(fd, bytes, written, is_stdout ? TSI_STDOUT_FILE : TSI_BYTES, position, true);
  if (written < size && counts && tsi_tap_is_awake()) tsi_ring_mark_gap(tsi_tap_ring());
  if (is_stdout) tsi_stdout_passed(bytes, size);
  if (recorded) tsi_worker_flush_if_ending();
}

void tsi_tap_unseen(int fd, size_t size) {
  if (!tsi_tap_is_stream(fd) || !is_recording()) return;
  atomic_fetch_add_explicit(&tap.unseen, size, memory_order_relaxed);
}

uint64_t tsi_tap_waiting_bytes(void) {
  tsi_ring *ring = tsi_tap_ring();
  return ring != NULL ? tsi_ring_waiting(ring) : 0;
}

bool tsi_tap_call(const void *bytes, size_t size) {
  if (size > TSI_RECORD_BYTES || !is_recording()) return false;
  tsi_record record = {.bytes = bytes,
                       .size = (uint32_t)size,
                       .kind = TSI_CALL,
                       .time = tsi_clock_monotonic(),
                       .position = tsi_stdout_printed()};
  bool taken = tsi_ring_put(tsi_tap_ring(), &record);
  if (tsi_ring_waiting(tsi_tap_ring()) > TSI_WAKE_BYTES) tsi_worker_wake();
  // Not for signal handlers, says the header.
  start_worker_if_needed(true);
  return taken;
}

// ---- what a descriptor means -------------------------------------------------------------------------

// A vfork child shares our memory and closes its own descriptors; hence the question whose they are.
void tsi_tap_descriptor_closed(int fd) {
  if (tsi_tap_is_stream(fd) && (tsi_sandbox_is_silent() || tsi_tap_is_own_process()))
    atomic_store_explicit(&tap.is_stream[fd], false, memory_order_relaxed);
}

void tsi_tap_descriptor_replaced(int fd) {
  if (!tsi_tap_is_stream(fd) || tsi_sandbox_is_silent() || !tsi_tap_is_own_process()) return;
  learn(fd);
}
