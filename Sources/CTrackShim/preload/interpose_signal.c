// The calls that set or ask what a signal does. For the signals of a fault the host has its own view of them
// (shield.h): they answer from what the host has set. For all other signals, and while no thread of ours
// lives, these are the real calls and nothing else. Not sigset: it changes the caller's mask as well, and nobody has
// written it into a program for thirty years.
#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "next.h"
#include "shield.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// Names that glibc exports and its headers do not show to everybody.
sighandler_t bsd_signal(int number, sighandler_t handler);
sighandler_t ssignal(int number, sighandler_t handler);
sighandler_t sysv_signal(int number, sighandler_t handler);
sighandler_t __sysv_signal(int number, sighandler_t handler);
int sigignore(int number);
int __sigaction(int number, const struct sigaction *action, struct sigaction *before);

#define WITH_THE_HOSTS_ACTION(call)               \
  if (!tsi_shield_guards(number)) return (call);  \
  tsi_lowered lowered = tsi_shield_lower(number); \
  __typeof__(call) result = (call);               \
  tsi_shield_put_back(&lowered);                  \
  return result;

TSI_NEXT(sigaction);
TSI_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  int result;
  if (tsi_shield_exchange(number, action, before, &result)) return result;
  result = TSI_FIND(sigaction)(number, action, before);
  // The shield went up in between.
  if (result == 0 && before != NULL && tsi_shield_is_seen(before)) tsi_shield_hide(number, before);
  return result;
}

// The engine's way past the name above.
int tsi_real_sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  return TSI_FIND(sigaction)(number, action, before);
}

TSI_EXPORT int __sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  return sigaction(number, action, before);
}

// ---- signal() and its names -----------------------------------------------------------------------------

// For which signals siginterrupt() has asked that calls end; libc keeps that to itself.
static _Atomic uint32_t interrupting;

// As in glibc (signal/signal.c there).
static bool set_simply(int number, sighandler_t handler, sighandler_t *before) {
  struct sigaction action = {.sa_handler = handler}, earlier;
  int result;
  sigaddset(&action.sa_mask, number);
  action.sa_flags = interrupting >> number & 1 ? 0 : SA_RESTART;
  if (handler == SIG_ERR || !tsi_shield_exchange(number, &action, &earlier, &result)) return false;
  *before = result == 0 ? earlier.sa_handler : SIG_ERR;
  return true;
}

TSI_NEXT(signal);
TSI_EXPORT sighandler_t signal(int number, sighandler_t handler) {
  sighandler_t before;
  if (tsi_shield_guards(number) && set_simply(number, handler, &before)) return before;
  before = TSI_FIND(signal)(number, handler);
  struct sigaction seen = {.sa_handler = before};
  if (tsi_shield_is_seen(&seen)) tsi_shield_hide(number, &seen);
  return seen.sa_handler;
}

TSI_EXPORT sighandler_t bsd_signal(int number, sighandler_t handler) { return signal(number, handler); }
TSI_EXPORT sighandler_t ssignal(int number, sighandler_t handler) { return signal(number, handler); }

// ---- The older ones -------------------------------------------------------------------------------------

TSI_NEXT(__sysv_signal);
TSI_EXPORT sighandler_t __sysv_signal(int number, sighandler_t handler){
    WITH_THE_HOSTS_ACTION(TSI_FIND(__sysv_signal)(number, handler))}

TSI_EXPORT sighandler_t sysv_signal(int number, sighandler_t handler) {
  return __sysv_signal(number, handler);
}

TSI_NEXT(sigignore);
TSI_EXPORT int sigignore(int number){WITH_THE_HOSTS_ACTION(TSI_FIND(sigignore)(number))}

TSI_NEXT(siginterrupt);
TSI_EXPORT int siginterrupt(int number, int interrupt) {
  if (number > 0 && number < 32)
    interrupting = interrupt ? interrupting | 1u << number : interrupting & ~(1u << number);
  WITH_THE_HOSTS_ACTION(TSI_FIND(siginterrupt)(number, interrupt))
}
