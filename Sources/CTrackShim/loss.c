#include "loss.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "include/ctrackshim.h"
#include "note.h"
#include "settle.h"
#include "tap.h"
#include "thread.h"
#include "worker.h"

static struct {
  _Atomic bool worker, uploader, spins;
  char note[256];
  size_t size;
} loss;

bool tsi_loss_is_total(void) { return atomic_load(&loss.worker); }
void tsi_loss_is_for_spinning(void) { atomic_store(&loss.spins, true); }

void tsi_loss_of_recording(void) {
  if (!tsi_tap_has_runs_ring()) tsi_tap_off();
  atomic_store(&loss.worker, true);
  tsi_settle_let_go();
}

bool tsi_uploader_is_lost(void) { return atomic_load(&loss.uploader); }

static const char *name_of(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGFPE: return "SIGFPE";
    case SIGABRT: return "SIGABRT";
    case SIGSYS: return "SIGSYS";
    case TSI_LOST_NO_MEMORY: return "out of memory";
    case TSI_LOST_SPINS: return "it computed without end";
    default: return "a signal";
  }
}

static void add(const char *text) {
  size_t size = strlen(text);
  if (size > sizeof loss.note - loss.size) size = sizeof loss.note - loss.size;
  memcpy(loss.note + loss.size, text, size);
  loss.size += size;
}

// Into a place of its own, since the thread's stack may be what is spent.
static void say(int role, int signal) {
  loss.size = 0;
  add(role == TSI_UPLOADER ? "trackshim: the sending met a fault of its own ("
      : role == TSI_GPUS   ? "trackshim: the reading of the GPUs met a fault in their driver's library ("
                           : "trackshim: the recording met a fault of its own (");
  add(name_of(signal));
  if (role == TSI_GPUS)
    add(") and ends here; everything else is recorded as before\n");
  else if (role == TSI_UPLOADER)
    add(") and ends here; the run goes on offline, `trackshim sync` sends it\n");
  else if (tsi_tap_is_claimed())
    add(") and ends here; the program goes on; `trackshim show` completes what is recorded\n");
  else
    add(") before there was a run; this program is not recorded\n");
  if (tsi_settle_is_quiet()) return;
  // Nobody comes back to it later, so a line of the program's that is not finished is waited for here, for a moment.
  for (int look = 0; look < 20; look++) {
    if (tsi_note_write(loss.note, loss.size, false)) return;
    tsi_pause(10);
  }
  tsi_note_write(loss.note, loss.size, true);
}

void tsi_loss_say_dropped(void) {
  uint64_t dropped = tsi_tap_has_runs_ring() ? tsi_ring_dropped_bytes(tsi_tap_ring()) : 0;
  char note[160];
  if (dropped == 0 || tsi_settle_is_quiet()) return;
  int size = snprintf(note, sizeof note, "trackshim: %llu bytes that were printed since are missing in the run\n",
                      (unsigned long long)dropped);
  tsi_note_write_here(note, (size_t)size);
}

void tsi_loss_of_thread(int role, int signal, bool takes_all) {
  bool is_total = role == TSI_WORKER || takes_all;
  if (role == TSI_WORKER && atomic_load(&loss.spins)) signal = TSI_LOST_SPINS;
  // Before a host thread that waits is let go: it may be about to end the process.
  say(is_total ? TSI_WORKER : role, signal);
  if (role == TSI_UPLOADER) atomic_store(&loss.uploader, true);
  if (role == TSI_GPUS) tsi_gpu_thread_is_lost();
  if (is_total)
    tsi_loss_of_recording();
  else
    tsi_worker_wake();
}
