// A bounded ring for many producers and one consumer.
//
// Producers reserve by compare-and-swap on `head`, at most TSI_RESERVE_TRIES times, copy, and commit
// with a release store of the record's length word. They never wait: a full ring or a lost race is a
// drop, and drops are counted. The consumer reads in order of reservation, keeps a cursor of its own,
// and gives space back by zeroing it and moving `tail`; a zero length word therefore means "reserved,
// not yet committed". Positions only grow; the place of a position is position % TSI_RING_BYTES.
//
// A reservation never straddles the end: the rest is filled with a pad record. When the ring is empty
// the consumer moves both positions to the next round, so that a quiet program touches only the first
// pages and not, in time, all of them.
//
// The first ring is anonymous (nothing on disk before the run begins). The run's ring is a file on
// tmpfs, which outlives the process: what the worker had not yet written can be read from it.
#ifndef TSI_RING_H
#define TSI_RING_H

#include <stdatomic.h>
#include <stdint.h>

#include "include/ctrackshim.h"

enum {
  TSI_RING_BYTES = 4 << 20,
  // Longer writes become several records.
  TSI_RECORD_BYTES = 64 << 10,
  TSI_RESERVE_TRIES = 64,
  // Past this much waiting data a producer wakes the worker; until then it finds it by itself.
  TSI_WAKE_BYTES = TSI_RING_BYTES / 8,
  TSI_JOURNAL_PATH_BYTES = 2048,
};

struct tsi_ring {
  char magic[8];
  uint32_t version;
  int32_t owner;
  _Atomic int64_t clock_offset;
  _Atomic int32_t exit_hint;
  _Atomic uint32_t paused; // no thread holds the lock now, but the owner lives
  char journal_path[TSI_JOURNAL_PATH_BYTES];
  // Two slots written in turn; the one with the larger turn whose journal_size is not beyond the
  // journal's real size is what is true.
  struct {
    _Atomic uint64_t turn;
    tsi_progress progress;
  } progress[2];
  _Alignas(64) _Atomic uint64_t head;
  _Atomic uint64_t dropped_bytes;
  // What was between the last record that got in and the next one, which says so: nothing, text that the program could
  // not print, or text that was dropped.
  _Atomic uint8_t gap;
  _Alignas(64) _Atomic uint64_t tail;
  _Alignas(4096) uint8_t data[TSI_RING_BYTES];
};

// As tsi_ring_put (ctrackshim.h), for memory that may not be readable (see tap.c).
bool tsi_ring_put_untrusted(tsi_ring *ring, const tsi_record *record);
// Text that the program lost by itself (a failed flush): what follows does not continue what went before.
void tsi_ring_mark_gap(tsi_ring *ring);
uint64_t tsi_ring_waiting(const tsi_ring *ring);
// A ring for this process only, which a forked child does not get; NULL on failure.
tsi_ring *tsi_ring_create_anonymous(void);

#endif
