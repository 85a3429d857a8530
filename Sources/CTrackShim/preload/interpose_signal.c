// The calls that set or ask what a signal does. For the signals of a fault the host has its own view of them
// (shield.h): each call runs with the host's own action in place. For all other signals, and while no thread of ours
// lives, these are the real calls and nothing else. Not sigset: it changes the caller's mask as well, and nobody has
// written it into a program for thirty years.
#define _GNU_SOURCE
#include <signal.h>

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
  WITH_THE_HOSTS_ACTION(TSI_FIND(sigaction)(number, action, before))
}

// The engine's way past the name above.
int tsi_real_sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  return TSI_FIND(sigaction)(number, action, before);
}

TSI_NEXT(__sigaction);
TSI_EXPORT int __sigaction(int number, const struct sigaction *action, struct sigaction *before){
    WITH_THE_HOSTS_ACTION(TSI_FIND(__sigaction)(number, action, before))}

TSI_NEXT(signal);
TSI_EXPORT sighandler_t signal(int number,
                               sighandler_t handler){WITH_THE_HOSTS_ACTION(TSI_FIND(signal)(number, handler))}

TSI_NEXT(bsd_signal);
TSI_EXPORT sighandler_t bsd_signal(int number,
                                   sighandler_t handler){WITH_THE_HOSTS_ACTION(TSI_FIND(bsd_signal)(number, handler))}

TSI_NEXT(ssignal);
TSI_EXPORT sighandler_t ssignal(int number,
                                sighandler_t handler){WITH_THE_HOSTS_ACTION(TSI_FIND(ssignal)(number, handler))}

TSI_NEXT(sysv_signal);
TSI_EXPORT sighandler_t sysv_signal(int number,
                                    sighandler_t handler){WITH_THE_HOSTS_ACTION(TSI_FIND(sysv_signal)(number, handler))}

TSI_NEXT(__sysv_signal);
TSI_EXPORT sighandler_t __sysv_signal(int number, sighandler_t handler){
    WITH_THE_HOSTS_ACTION(TSI_FIND(__sysv_signal)(number, handler))}

TSI_NEXT(sigignore);
TSI_EXPORT int sigignore(int number){WITH_THE_HOSTS_ACTION(TSI_FIND(sigignore)(number))}

TSI_NEXT(siginterrupt);
TSI_EXPORT int siginterrupt(int number, int interrupt) {
  WITH_THE_HOSTS_ACTION(TSI_FIND(siginterrupt)(number, interrupt))
}
