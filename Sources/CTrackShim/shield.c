#define _GNU_SOURCE
#include "shield.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <ucontext.h>

#include "arena.h"
#include "lock.h"
#include "loss.h"
#include "rawio.h"
#include "tap.h"
#include "thread.h"

const int tsi_shield_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
const size_t tsi_shield_signal_count = sizeof tsi_shield_signals / sizeof *tsi_shield_signals;

enum { SIGNALS = 32, HOST_THREAD = 1, PATIENCE = 10000 };

static struct {
  tsi_sigaction_function *real;
  _Atomic bool is_up[SIGNALS];
  // What the host has asked for; changed only by who holds the lock.
  struct sigaction host[SIGNALS];
  // Held for moments with all signals blocked, so no handler ever waits for the thread that it interrupted.
  tsi_lock lock;
} shield;

void tsi_shield_use(tsi_sigaction_function *real) { shield.real = real; }

bool tsi_shield_guards(int signal) {
  return signal > 0 && signal < SIGNALS && atomic_load_explicit(&shield.is_up[signal], memory_order_acquire);
}

// ---- When a signal comes ------------------------------------------------------------------------------

// The default action, as if we had never been here: the same signal comes again with what the kernel says of it, when
// this handler returns to where the thread was.
static void die_by_default(int signal, siginfo_t *info) {
  struct sigaction usual = {.sa_handler = SIG_DFL};
  shield.real(signal, &usual, NULL);
  tsi_sys4(SYS_rt_tgsigqueueinfo, tsi_process(), tsi_thread(), signal, info);
}

// Sent to the process, not to the thread it happened to meet, and perhaps waited for by one that has it blocked
// (sigwait): it is sent on, and ours takes no more of its kind.
static bool hand_on(int signal, siginfo_t *info, ucontext_t *context) {
  if (info->si_code != SI_USER && info->si_code != SI_QUEUE) return false;
  sigaddset(&context->uc_sigmask, signal);
  sigset_t this;
  sigemptyset(&this);
  sigaddset(&this, signal);
  pthread_sigmask(SIG_BLOCK, &this, NULL);
  // The kernel lets nobody but a main thread say that a signal came by kill().
  if (info->si_code == SI_USER) return tsi_sys2(SYS_kill, tsi_process(), signal) == 0;
  return tsi_sys3(SYS_rt_sigqueueinfo, tsi_process(), signal, info) == 0;
}

static void meet(int signal, siginfo_t *info, void *context) {
  if (tsi_thread_role() != TSI_HOSTS) {
    if (hand_on(signal, info, context)) return;
    tsi_shield_lose_thread(signal);
  }
  int before = errno;
  struct sigaction *host = &shield.host[signal];
  void (*handler)(int, siginfo_t *, void *) = host->sa_sigaction;
  if (host->sa_handler == SIG_DFL) {
    die_by_default(signal, info);
    errno = before;
    return;
  }
  if (host->sa_flags & (int)SA_RESETHAND) host->sa_handler = SIG_DFL;
  // A handler that was set without SA_SIGINFO finds its one argument where it expects it.
  errno = before;
  handler(signal, info, context);
}

// ---- Putting it in place ------------------------------------------------------------------------------

// The host's flags and mask are the kernel's business; only SA_RESETHAND would take our handler away as well.
static struct sigaction ours_for(const struct sigaction *host) {
  struct sigaction ours = {.sa_sigaction = meet};
  if (host->sa_handler == SIG_DFL) {
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    return ours;
  }
  ours.sa_mask = host->sa_mask;
  ours.sa_flags = (host->sa_flags & ~(int)SA_RESETHAND) | SA_SIGINFO;
  return ours;
}

// The caller holds the lock. A host that ignores the signal keeps that, also for the programs it starts.
static void cover(int signal) {
  struct sigaction now;
  if (shield.real(signal, NULL, &now) != 0) return;
  if (now.sa_sigaction != meet) shield.host[signal] = now;
  // First, so that who asks from here on waits for the lock.
  atomic_store_explicit(&shield.is_up[signal], true, memory_order_release);
  bool ignored = shield.host[signal].sa_handler == SIG_IGN;
  struct sigaction ours = ours_for(&shield.host[signal]);
  if (!ignored) shield.real(signal, &ours, NULL);
}

static uint32_t lock_number(void) {
  uint32_t number = tsi_thread_number();
  return number != 0 ? number : HOST_THREAD;
}

// Blocks all signals first. False when the lock was not to be had in time, which only a stopped thread explains.
static bool enter(sigset_t *before) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, before);
  for (int i = 0; i < PATIENCE; i++) {
    if (tsi_lock_try(&shield.lock, lock_number())) return true;
    tsi_sys1(SYS_sched_yield, 0);
  }
  pthread_sigmask(SIG_SETMASK, before, NULL);
  return false;
}

static void leave(const sigset_t *before) {
  tsi_lock_give(&shield.lock);
  pthread_sigmask(SIG_SETMASK, before, NULL);
}

void tsi_shield_raise(void) {
  sigset_t before;
  if (shield.real == NULL || !enter(&before)) return;
  for (size_t i = 0; i < tsi_shield_signal_count; i++) cover(tsi_shield_signals[i]);
  leave(&before);
}

void tsi_shield_drop(void) {
  sigset_t before;
  if (shield.real == NULL || !enter(&before)) return;
  for (size_t i = 0; i < tsi_shield_signal_count; i++) {
    int signal = tsi_shield_signals[i];
    struct sigaction now;
    if (shield.real(signal, NULL, &now) == 0 && now.sa_sigaction == meet)
      shield.real(signal, &shield.host[signal], NULL);
    atomic_store_explicit(&shield.is_up[signal], false, memory_order_release);
  }
  leave(&before);
}

// ---- The host's own calls -----------------------------------------------------------------------------

// A child has the handlers but none of our threads, and perhaps our memory (vfork): its actions become the host's own
// for good, and nothing is written here.
static void lower_in_child(int signal) {
  struct sigaction now;
  if (shield.real(signal, NULL, &now) == 0 && now.sa_sigaction == meet) shield.real(signal, &shield.host[signal], NULL);
}

// The kernel adds flags of its own, drops those it does not know and never masks two signals: what it made of ours it
// would have made of theirs.
static struct sigaction as_kept(int signal, const struct sigaction *action, const struct sigaction *ours) {
  struct sigaction kept = *action, made;
  sigdelset(&kept.sa_mask, SIGKILL);
  sigdelset(&kept.sa_mask, SIGSTOP);
  if (shield.real(signal, NULL, &made) != 0) return kept;
  kept.sa_flags = (action->sa_flags & (made.sa_flags | (int)SA_RESETHAND)) | (made.sa_flags & ~ours->sa_flags);
  kept.sa_restorer = made.sa_restorer;
  return kept;
}

// The caller holds the lock.
static bool exchange(int signal, const struct sigaction *action, struct sigaction *before, int *result) {
  struct sigaction now;
  if (shield.real(signal, NULL, &now) != 0) return false;
  bool is_ignored = now.sa_handler == SIG_IGN && shield.host[signal].sa_handler == SIG_IGN;
  if (now.sa_sigaction != meet && !is_ignored) {
    // Not ours yet. Behind the lock it could become ours between this look and theirs, and they would see it.
    *result = shield.real(signal, action, before);
    return true;
  }
  struct sigaction earlier = shield.host[signal];
  *result = 0;
  if (action != NULL) {
    struct sigaction ours = action->sa_handler == SIG_IGN ? *action : ours_for(action);
    *result = shield.real(signal, &ours, NULL);
    if (*result == 0) shield.host[signal] = as_kept(signal, action, &ours);
  }
  if (before != NULL && *result == 0) *before = earlier;
  return true;
}

bool tsi_shield_exchange(int signal, const struct sigaction *action, struct sigaction *before, int *result) {
  sigset_t mask;
  if (!tsi_shield_guards(signal)) return false;
  // In a child it is the host's action that is set, for good.
  if (!tsi_tap_is_own_process()) {
    lower_in_child(signal);
    return false;
  }
  if (!enter(&mask)) return false;
  bool done = exchange(signal, action, before, result);
  leave(&mask);
  return done;
}

bool tsi_shield_is_seen(const struct sigaction *before) { return before->sa_sigaction == meet; }

void tsi_shield_hide(int signal, struct sigaction *before) {
  sigset_t mask;
  if (signal <= 0 || signal >= SIGNALS || !tsi_shield_is_seen(before) || !enter(&mask)) return;
  *before = shield.host[signal];
  leave(&mask);
}

tsi_lowered tsi_shield_lower(int signal) {
  tsi_lowered lowered = {.signal = signal};
  if (!tsi_shield_guards(signal)) return lowered;
  if (!tsi_tap_is_own_process()) {
    lower_in_child(signal);
    return lowered;
  }
  if (!enter(&lowered.mask)) return lowered;
  struct sigaction now;
  // Where somebody took our place by other means, the host's action is that.
  if (shield.real(signal, NULL, &now) == 0 && now.sa_sigaction == meet) shield.real(signal, &shield.host[signal], NULL);
  lowered.is_lowered = true;
  return lowered;
}

void tsi_shield_put_back(const tsi_lowered *lowered) {
  if (!lowered->is_lowered) return;
  int before = errno;
  cover(lowered->signal);
  leave(&lowered->mask);
  errno = before;
}

// ---- A thread of ours is lost ---------------------------------------------------------------------------

// Not ended: what it holds on its stack may be in use, and libc counts it. The two signals that stay open are the ones
// by which libc has every thread change its user.
static _Noreturn void rest(void) {
  uint64_t all_but_libcs = ~(3ull << 31);
  for (;;) tsi_sys2(SYS_rt_sigsuspend, &all_but_libcs, sizeof all_but_libcs);
}

void tsi_shield_lose_thread(int signal) {
  // A second fault, in what follows: as if the first had got no further.
  static _Atomic bool is_lost[TSI_ROLES];
  int role = tsi_thread_role();
  if (atomic_exchange(&is_lost[role], true)) rest();
  uint32_t number = tsi_thread_number();
  // What it holds is never given back, so the other one is lost with it.
  bool holds =
      tsi_arena_holder() == number || tsi_uploader_lock_holder() == number || tsi_lock_owner(&shield.lock) == number;
  tsi_loss_of_thread(role, signal, holds);
  rest();
}
