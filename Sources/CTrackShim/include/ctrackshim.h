// What the Swift core may call in the C engine. Not installed; the public contract is trackshim.h.
//
// Who runs where:
//   host threads   tap.c: copy bytes into the ring, at most wake the worker; never wait. settle.c: the
//                  bounded waits at exit, abort and exec.
//   the worker     one thread of ours, started at the first output; runs the Swift core, which reads
//                  the ring (ring.c), looks at unflushed stdio (peek.c) and writes notes (note.c).
#ifndef CTRACKSHIM_H
#define CTRACKSHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctrackshim_amd.h"
#include "ctrackshim_gpu.h"
#include "ctrackshim_http.h"
#include "trackshim.h"

// ---- ring.c -----------------------------------------------------------------------------------

// What a record's bytes are.
enum {
  TSI_BYTES = 0,       // written to the record's stream
  TSI_STDOUT_FILE = 1, // the same, through the FILE `stdout`; `position` counts its bytes
  TSI_CALL = 2,        // a call of trackshim.h, packed by CallPacking.swift
};

// One record as the consumer sees it; `bytes` points into the ring until the record is released.
typedef struct {
  const uint8_t *bytes;
  uint32_t size;
  uint8_t stream; // 1 or 2; 0 for calls
  uint8_t kind;
  bool has_gap;      // something was dropped just before this record
  int64_t time;      // CLOCK_MONOTONIC, ns
  uint64_t position; // in stdout: of the first byte; for a call, how far it was printed by then
} tsi_record;

// How far the journal has got with the ring: whoever finds the ring after a crash continues there.
typedef struct {
  uint64_t ring_position;
  uint64_t journal_size;
  uint64_t stdout_position; // bytes of the FILE `stdout` already in the journal
} tsi_progress;

typedef struct tsi_ring tsi_ring;

// Capture path: does not allocate, lock or wait. Signal-safe. Returns false when it was dropped. Declared here
// for the unit tests, which are producers too.
bool tsi_ring_put(tsi_ring *ring, const tsi_record *record);
// The next committed record at or after *cursor, which is moved behind it; false when there is none.
bool tsi_ring_next(tsi_ring *ring, uint64_t *cursor, tsi_record *record);
uint64_t tsi_ring_tail(const tsi_ring *ring);
uint64_t tsi_ring_head(const tsi_ring *ring);
// Gives back the memory of a ring whose owner is dead, but for what is still to be recovered.
void tsi_ring_shrink_left(const char *path);
// True when something was dropped behind the last record.
bool tsi_ring_ends_in_gap(const tsi_ring *ring);
// Gives everything before `cursor` back to the producers.
void tsi_ring_release(tsi_ring *ring, uint64_t cursor);
// True when a reservation at `cursor` was begun and never finished (its thread died half-way).
bool tsi_ring_is_stuck(const tsi_ring *ring, uint64_t cursor);
// Gives up everything reserved up to now; returns the bytes lost.
uint64_t tsi_ring_abandon(tsi_ring *ring, uint64_t *cursor);
uint64_t tsi_ring_dropped_bytes(const tsi_ring *ring);

// Creates a ring in a new file (exclusively, 0600, all its pages allocated) and keeps it locked for as
// long as the process lives. NULL and errno on failure; EEXIST: there is one already.
tsi_ring *tsi_ring_create_file(const char *path);
// Says whose ring it is, for whoever finds it after a crash.
void tsi_ring_set_journal_path(tsi_ring *ring, const char *path);
// The ring that an earlier process left at `path`, mapped privately. NULL and errno: EBUSY when its owner
// lives. The lock is the caller's until it closes *fd.
tsi_ring *tsi_ring_open_left(const char *path, int *fd);
void tsi_ring_close_left(tsi_ring *ring);
// The owner of a ring that is still locked; 0 when it cannot be told.
int32_t tsi_ring_owner_at(const char *path);
bool tsi_ring_journal_path_at(const char *path, char *into, size_t size);
int64_t tsi_ring_clock_offset(const tsi_ring *ring); // CLOCK_REALTIME - CLOCK_MONOTONIC, ns
const char *tsi_ring_journal_path(const tsi_ring *ring);
// The worker's thread, and with it the lock, goes for a while, and comes back.
void tsi_ring_pause(tsi_ring *ring);
void tsi_ring_resume(tsi_ring *ring, const char *path);
int32_t tsi_ring_exit_hint(const tsi_ring *ring); // -1: nobody saw it
void tsi_ring_set_exit_hint(tsi_ring *ring, int32_t code);
// Two steps, so that a death between them is seen: what is about to be true once the journal has
// `journal_size` bytes, and what is true.
void tsi_ring_intend(tsi_ring *ring, tsi_progress next, uint64_t actual_journal_size);
tsi_progress tsi_ring_progress(const tsi_ring *ring, uint64_t actual_journal_size);

// ---- tap.c ------------------------------------------------------------------------------------

// The ring that producers use now, NULL before the first output.
tsi_ring *tsi_tap_ring(void);
// Lets producers use `ring` from now on. The old one may still get a record of a producer that was
// on its way, so it is read for ever, and always before the new one.
void tsi_tap_switch_ring(tsi_ring *ring);
// Stops recording for good: producers see one flag and return.
void tsi_tap_off(void);
// This process has become a run.
void tsi_tap_set_claimed(void);
bool tsi_tap_is_claimed(void);
// Output that went past by a way that cannot be read again (splice from a pipe), in bytes.
uint64_t tsi_tap_unseen_bytes(void);
// Bytes dropped because the ring was not there yet or the source could not be read.
uint64_t tsi_tap_dropped_bytes(void);
int64_t tsi_clock_monotonic(void);
int64_t tsi_clock_realtime(void);
// CLOCK_MONOTONIC when the library was loaded.
int64_t tsi_tap_load_time(void);
// False while the program is in the middle of a line of stderr, or of stdout where both are one file.
bool tsi_tap_is_at_line_start(void);
// Nothing was printed to it for some milliseconds.
bool tsi_tap_is_quiet(void);
// NULL when the FILE write slot is hooked, else why it is not (a fixed string).
const char *tsi_tap_degraded(void);
void tsi_tap_set_degraded(const char *why);

// ---- peek.c -----------------------------------------------------------------------------------

// What the FILE `stdout` holds and has not written: seen without taking its lock.
typedef struct {
  uint64_t position; // of the first byte, in bytes of `stdout`
  uint64_t base, end;
  bool looks_flushed; // just what the last flush wrote: perhaps it is only not taken away yet
} tsi_unflushed;

// False when stdout is busy, elsewhere or wide-oriented.
bool tsi_peek_look(tsi_unflushed *seen);
// Copies the first `size` bytes of what was seen; false when stdout has moved on meanwhile.
bool tsi_peek_copy(const tsi_unflushed *seen, uint8_t *into, size_t size);

// ---- worker.c, settle.c, note.c -----------------------------------------------------------------

// Waits until there is much to do, a host thread asks for something, or the time is over. A request that the
// worker knows and cannot answer yet is no reason to stay awake.
void tsi_worker_wait(uint32_t milliseconds, uint32_t known_request);
// On the worker: it has come round (see tsi_worker_watch).
void tsi_worker_beat(void);
// Capture path and the uploader: wakes it if it sleeps.
void tsi_worker_wake(void);
// False where the kernel refused a file table of the worker's own: then files are opened for each use.
bool tsi_worker_has_own_files(void);
// On the worker, which is about to return from a request to pause: the next output starts it again.
void tsi_worker_leaves_for_now(void);
// True when the worker's thread shall end (see lonely_main.c).
bool tsi_worker_is_dismissed(void);

enum {
  TSI_SETTLE_RETURN = 1,  // exit(): what stdio holds will be flushed
  TSI_SETTLE_EXIT = 2,    // _exit(), abort(): what stdio holds is lost
  TSI_SETTLE_LEAVE = 3,   // another program takes the process over
  TSI_SETTLE_FINISH = 4,  // trackshim_finish: the program says how it ended
  TSI_SETTLE_CLOSE = 6,   // exit() has begun; what the program made before its run is torn down next
  TSI_SETTLE_PAUSE = 7,   // the worker's thread is to leave, its state stays
  TSI_SETTLE_FLUSHED = 5, // a flush after TSI_SETTLE_RETURN, or a write after TSI_SETTLE_EXIT
};
typedef struct {
  uint32_t number; // answer with this
  int32_t kind;    // TSI_SETTLE_…
  int32_t code;    // exit code, with those that end
} tsi_request;
// On a host thread: has the worker bring everything up to now into the journal, and waits for that within
// the exit timeout. False when it was late or nobody is there.
bool tsi_settle(int kind, int code);
// On a host thread: waits until all that was printed and called before is in the journal. False when the time was over
// or nobody is there.
bool tsi_flush(int64_t nanoseconds);
// The newest flush that a host thread waits for; 0: there never was one.
uint32_t tsi_flush_requested(void);
void tsi_flush_answer(uint32_t number);
// A call of trackshim.h, for the worker; false when it was dropped.
bool tsi_tap_call(const void *bytes, size_t size);
// True in a process that records or may come to record.
bool tsi_tap_can_record(void);
// When the run has begun: the end of a program with other threads is written and sent before the exit handlers and
// destructors of what was there earlier. They tear down what those threads may still use.
void tsi_settle_before_earlier_handlers(void);
// So it is whatever the threads: one of the handlers tears down the OpenSSL that we need too.
void tsi_settle_always_close(void);
// Until when host threads wait for the newest request; monotonic, ns.
int64_t tsi_settle_deadline(void);
// The newest request of a host thread; number 0 when there never was one.
tsi_request tsi_settle_requested(void);
void tsi_settle_answer(uint32_t number);
void tsi_settle_set_timeout(uint32_t milliseconds, bool quiet);

// Writes one note to the host's fd 2 if that does not block; false: not now. `anywhere`: also in the middle of
// a line of the program.
bool tsi_note_write(const char *text, size_t size, bool anywhere);

// ---- facts.c ----------------------------------------------------------------------------------

enum {
  TSI_FACT_RUN_ID,
  TSI_FACT_RUN_NAME,
  TSI_FACT_RUN_URL,
  TSI_FACT_RUN_DIR,
  TSI_FACT_LAST_NOTE,
  TSI_FACT_COUNT,
};
// On the worker.
void tsi_fact_set(int which, const char *text);
// Any thread. Empty while it is not known, and never freed.
const char *tsi_fact(int which);

// As in trackshim_counters.
enum {
  TSI_COUNTER_LINES,
  TSI_COUNTER_OBSERVATIONS,
  TSI_COUNTER_ROWS,
  TSI_COUNTER_DROPPED,
  TSI_COUNTER_RECORDED,
  TSI_COUNTER_UNSENT,
  TSI_COUNTER_COUNT,
};
void tsi_counter_set(int which, uint64_t value);
uint64_t tsi_counter(int which);
// Bytes that wait for the worker.
uint64_t tsi_tap_waiting_bytes(void);

// Stop was pressed on the run's page.
void tsi_stop_request(void);
// The program asks; that it does is remembered.
bool tsi_stop_requested(void);
bool tsi_stop_was_asked(void);

// ---- uploader.c -------------------------------------------------------------------------------

// On the worker: starts the second thread of ours. False where it could not be kept away from the host.
bool tsi_uploader_start(void (*main)(void));
bool tsi_uploader_is_running(void);
// How often there was something to wake the uploader for.
uint32_t tsi_uploader_news(void);
// Waits for more news than these, or the time.
void tsi_uploader_wait(uint32_t news, uint32_t milliseconds);
void tsi_uploader_wake(void);
// Guards what the worker and the uploader tell each other; held for moments.
void tsi_uploader_lock(void);
void tsi_uploader_unlock(void);
// The number of the thread that has it, 0: none.
uint32_t tsi_uploader_lock_holder(void);
// It met a fault of its own (loss.h): what it and the worker told each other may be in any state.
bool tsi_uploader_is_lost(void);
// An exclusive lock that ends with the descriptor, without waiting; 0 or -errno.
int tsi_lock_file(int fd);
// True when SIGINT would end the program.
bool tsi_interrupt_kills(void);
void tsi_interrupt_host(void);

// ---- arena.c ----------------------------------------------------------------------------------

// Before the first thread of ours is started: maps the reserve. False where there is no memory.
bool tsi_arena_prepare(void);
// A block of `size` bytes whose address is a multiple of `alignment`, a power of two and at least 16; NULL: nothing
// left. Threads of ours only.
void *tsi_arena_allocate(size_t size, size_t alignment);
// What is there of it moves along. NULL: the block is as it was.
void *tsi_arena_resize(void *block, size_t size);
void tsi_arena_free(void *block);
size_t tsi_arena_size(const void *block);
// Recording is to end now, while there is memory to end it.
bool tsi_arena_is_short(void);
// From now on as if the system had nothing left. For tests.
void tsi_arena_refuse(void);

// ---- loss.c -----------------------------------------------------------------------------------

// On the worker, which cannot go on and is about to return. What is printed from now on stays in the run's ring.
void tsi_loss_of_recording(void);

// ---- fault.c ----------------------------------------------------------------------------------

// Nothing but in the tests' library (faults/fault.c).
void tsi_fault(const char *stage);
// Nanoseconds; a thread of ours that has not been heard of for longer is in trouble. Shorter in the tests' library. No
// function, and hidden: each flush of the program's looks at it.
extern const int64_t tsi_longest_silence __attribute__((visibility("hidden")));

// ---- environment.c ----------------------------------------------------------------------------

// A setting as it stood when the library was loaded; NULL when unset.
const char *tsi_environment(const char *name);
// True when there was more than could be kept.
bool tsi_environment_is_cut(void);
// WANDB_API_KEY as it stood then, which tsi_environment does not give out; NULL when unset or empty, "" when it
// was too long to be one.
const char *tsi_environment_key(void);
bool tsi_environment_has_token_file(void); // WANDB_IDENTITY_TOKEN_FILE
const char *tsi_start_directory(void);
// Finds what the next one needs; for the constructor.
void tsi_environment_prepare(void);
// Takes this library, and only it, out of LD_PRELOAD.
void tsi_environment_release_preload(void);
// Only the unit tests and the CLI, which have no constructor, call this.
void tsi_environment_capture(char **environment);

// errno of the last call above that says it sets it.
int tsi_last_error(void);
void tsi_pause(uint32_t milliseconds);
// The names in a folder, one after the other, each ended by NUL; how many bytes, or -errno.
int64_t tsi_list(const char *folder, char *into, size_t size);

// ---- files.c: system calls that go past every interposed name ----------------------------------

// fd > 2 with close-on-exec, or -errno. Never waits: what is no file is opened all the same.
int tsi_open(const char *path, int flags, uint32_t mode);
int tsi_open_at(int folder, const char *path, int flags, uint32_t mode);
int tsi_close(int fd);
int64_t tsi_pwrite(int fd, const void *bytes, size_t size, int64_t offset); // or -errno
int64_t tsi_pread(int fd, void *bytes, size_t size, int64_t offset);
int64_t tsi_file_size(int fd);
bool tsi_is_regular(int fd);
int tsi_truncate(int fd, int64_t size);
int tsi_mkdir(const char *path, uint32_t mode);
int tsi_is_directory(const char *path);
int tsi_exists(const char *path);
bool tsi_is_other_than_file(const char *path); // there, but a FIFO, a device, a folder
// The size of a file, and when it was written, in ns since 1970; -errno, -EINVAL for what is none.
int64_t tsi_file_state(const char *path, uint64_t *modified);
// What a name stands for, a link itself and not what it leads to; 0 or -errno.
typedef struct tsi_about {
  uint64_t size, inode;
  int64_t modified, changed; // s since 1970
  uint32_t modified_ns, changed_ns;
  uint32_t mode, user, group;
} tsi_about;
int tsi_about_at(int folder, const char *path, tsi_about *about);
bool tsi_is_foreign(const char *path);        // there, and neither this user's nor root's
bool tsi_is_private_folder(const char *path); // no link, this user's, and nobody else may write there
bool tsi_is_same_file(const char *first, const char *second);
size_t tsi_text_size(const char *text, size_t limit); // strnlen
const char *tsi_version(void);
const char *tsi_status_name(int status);
int tsi_is_in_memory(const char *path); // a tmpfs or ramfs
int tsi_symlink(const char *target, const char *path);
int64_t tsi_read_file(const char *path, void *into, size_t size); // from its start, or -errno; EINVAL: no file
int tsi_rename(const char *from, const char *to);
int tsi_unlink(const char *path);
int64_t tsi_readlink(const char *path, char *into, size_t size);
int64_t tsi_readlink_at(int folder, const char *path, char *into, size_t size);
// Without the 0 at its end; -errno.
int64_t tsi_working_directory(char *into, size_t size);
// In bytes: all, in use, for this user; 0 or -errno.
int tsi_disk_space(const char *path, uint64_t space[3]);
long tsi_page_size(void);
int tsi_host_name(char *into, size_t size);
int tsi_random(void *into, size_t size);
uint32_t tsi_user(void);
int32_t tsi_process(void);

// ---- run_files.c: the same where no link is followed in the last `own` folders, nor as the file -------

int tsi_open_in_run(const char *path, int own, int flags, uint32_t mode);
// An empty file in the place of whatever has its name; fd or -errno.
int tsi_make_in_run(const char *path, int own, uint32_t mode);
// The whole file at once, or nothing.
bool tsi_replace_in_run(const char *path, int own, const void *bytes, size_t size, uint32_t mode);
// A link of that name to a file elsewhere. Folders are made; only a link is replaced. 0 or -errno.
int tsi_link_in_run(const char *path, int own, const char *target);
// The file, or what a link of the user's in its place leads to, to be read; fd or -errno.
int tsi_open_linked_in_run(const char *path, int own);
// Its size or -errno, and what changes when it is written again: device, inode, time.
int64_t tsi_linked_file_state(const char *path, int own, uint64_t state[3]);

// ---- crc32.c ----------------------------------------------------------------------------------

// Takes bytes into `crc`, the register of CRC32.swift, and says how many: all, or none where they are fewer
// than 16 or the processor cannot.
size_t tsi_crc32(uint32_t *crc, const void *bytes, size_t size);

#endif
