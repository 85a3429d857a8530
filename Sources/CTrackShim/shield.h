// A fault on a thread of ours ends the recording, not the program.
//
// The kernel knows one action for each signal, whichever thread it meets. While our threads live, that action is a
// handler of ours for the signals of a fault. Met by a thread of ours, it puts that thread to rest for ever. Met by a
// thread of the host's, it does what the host has asked for: its handler, with its flags and its mask, or what the
// system does by default.
//
// The host keeps its own view of these signals (preload/interpose_signal.c): sigaction and signal are answered from
// what the host has set; the older functions run with the host's own action in place and ours put back behind it.
//
// What this cannot do: a host that ignores one of these signals keeps it ignored, and one that sets an action by a
// system call of its own takes our place; there a fault of ours is still the end. A fault may leave what the thread
// was writing in any state, which is why nothing of ours is used after it: recording ends, the journal stays as it
// was at the last write, the ring is left for `trackshim show`. The main defence is that there is no fault.
#ifndef TSI_SHIELD_H
#define TSI_SHIELD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "include/ctrackshim.h"

typedef int tsi_sigaction_function(int, const struct sigaction *, struct sigaction *);

extern const int tsi_shield_signals[];
extern const size_t tsi_shield_signal_count;

// The constructor says which function sets an action: not the interposed one.
void tsi_shield_use(tsi_sigaction_function *real);
// On the worker, when it starts.
void tsi_shield_raise(void);
// The host's own actions come back, for good.
void tsi_shield_drop(void);
// True for a signal whose action is ours now.
bool tsi_shield_guards(int signal);
// What sigaction does for the host: false where it is to do it itself. Signal-safe.
bool tsi_shield_exchange(int signal, const struct sigaction *action, struct sigaction *before, int *result);
// The real call has seen ours, which was put there while it was under way: what the host had stands there then.
bool tsi_shield_is_seen(const struct sigaction *before);
void tsi_shield_hide(int signal, struct sigaction *before);
// Around another call that sets or asks the action of `signal`: in between, the host's own is in place. Signal-safe.
typedef struct {
  int signal;
  bool is_lowered;
  sigset_t mask;
} tsi_lowered;
tsi_lowered tsi_shield_lower(int signal);
void tsi_shield_put_back(const tsi_lowered *lowered);

// On a thread of ours: it goes no further. Signal-safe, never returns.
_Noreturn void tsi_shield_lose_thread(int signal);

#endif
