// A program that handles its own faults in every way, from before its run began and after it: what it asks of a
// signal's action, what its handlers see and what its children inherit is the same whoever else is there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS, SIGUSR1};
enum { SIGNALS = sizeof signals / sizeof *signals, STACK = 64 << 10 };

static sigjmp_buf back;
static char *stack;
static volatile int handled;

static void tell(const char *what, int signal, const siginfo_t *info) {
  sigset_t blocked;
  char here;
  pthread_sigmask(SIG_BLOCK, NULL, &blocked);
  printf("%s: signal %d code %d, blocked itself %d usr2 %d, on the other stack %d\n", what, signal,
         info ? info->si_code : 0, sigismember(&blocked, signal), sigismember(&blocked, SIGUSR2),
         &here >= stack && &here < stack + STACK);
  handled++;
}

static void on_info(int signal, siginfo_t *info, void *context) {
  tell(context != NULL ? "handler" : "handler without context", signal, info);
  siglongjmp(back, 1);
}

static void on_plain(int signal) {
  tell("plain handler", signal, NULL);
  siglongjmp(back, 1);
}

static void returns(int signal) { tell("returning handler", signal, NULL); }

static const char *name_of(void (*handler)(int)) {
  if (handler == SIG_DFL) return "default";
  if (handler == SIG_IGN) return "ignore";
  if (handler == on_plain) return "plain";
  if (handler == returns) return "returns";
  return (void *)handler == (void *)on_info ? "info" : "SOMEBODY ELSE'S";
}

static void show(const char *when) {
  for (int i = 0; i < SIGNALS; i++) {
    struct sigaction now;
    sigaction(signals[i], NULL, &now);
    printf("%s: %d is %s, flags %x, usr2 %d\n", when, signals[i], name_of(now.sa_handler),
           (unsigned)now.sa_flags & ~0x04000000u, sigismember(&now.sa_mask, SIGUSR2));
  }
}

static void set(int signal, void *handler, int flags) {
  struct sigaction action = {.sa_flags = flags}, before;
  action.sa_handler = (void (*)(int))handler;
  sigaddset(&action.sa_mask, SIGUSR2);
  int result = sigaction(signal, &action, &before);
  printf("set %d: %d, was %s flags %x\n", signal, result, name_of(before.sa_handler),
         (unsigned)before.sa_flags & ~0x04000000u);
}

static void cause(int signal) {
  if (sigsetjmp(back, 1) != 0) return;
  if (signal == SIGSEGV) *(volatile int *)8 = 1;
  if (signal == SIGILL) __asm__ volatile("ud2");
  if (signal == SIGTRAP) {
    __asm__ volatile("int3");
    return;
  }
  if (signal == SIGBUS) {
    char path[] = "/tmp/fault_XXXXXX";
    int fd = mkstemp(path);
    unlink(path);
    volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    (void)page[0];
  }
  raise(signal);
}

static void *cause_elsewhere(void *signal) {
  cause(*(int *)signal);
  return NULL;
}

static void cause_all(const char *when) {
  for (int i = 0; i < SIGNALS; i++) {
    printf("%s, %d\n", when, signals[i]);
    cause(signals[i]);
  }
}

static void set_all(void *handler, int flags) {
  for (int i = 0; i < SIGNALS; i++) set(signals[i], handler, flags);
}

static void child(const char *how) {
  show(how);
  set(SIGSEGV, on_info, SA_SIGINFO);
  cause(SIGSEGV);
  fflush(stdout);
}

static void children(void) {
  fflush(stdout);
  int status;
  if (fork() == 0) {
    child("child");
    signal(SIGFPE, SIG_DFL);
    raise(SIGFPE);
    _exit(1);
  }
  wait(&status);
  printf("child ended by %d\n", WTERMSIG(status));
  if (vfork() == 0) {
    signal(SIGSEGV, SIG_DFL);
    signal(SIGILL, SIG_IGN);
    execl("/proc/self/exe", "fault_handlers", "again", NULL);
    _exit(1);
  }
  wait(&status);
  printf("vfork child ended with %d\n", WEXITSTATUS(status));
  show("after the children");
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) {
    show("child: after exec");
    return 0;
  }
  stack = malloc(STACK);
  stack_t other = {.ss_sp = stack, .ss_size = STACK};
  sigaltstack(&other, NULL);
  show("at first");
#ifndef AFTER
  set_all(on_info, SA_SIGINFO);
#endif
  printf(CONFIG_ROW STEP(1));
  settle();
  show("with a run");
  set_all(on_info, SA_SIGINFO | SA_ONSTACK);
  cause_all("own stack for handlers");
  set_all(on_plain, SA_NODEFER | SA_RESTART);
  cause_all("not deferred");
  set_all(on_plain, SA_RESETHAND);
  cause_all("once");
  show("after once");
  set_all(SIG_IGN, 0);
  show("ignored");
  raise(SIGSEGV);
  raise(SIGFPE);
  set_all(SIG_DFL, 0);
  printf("signal() gave %s\n", name_of(signal(SIGFPE, returns)));
  printf("signal() gave %s\n", name_of(signal(SIGFPE, on_plain)));
  siginterrupt(SIGFPE, 1);
  show("after siginterrupt");
  sigignore(SIGILL);
  set(SIGABRT, returns, 0);
  raise(SIGABRT);
  set(SIGSEGV, on_info, SA_SIGINFO);
  pthread_t thread;
  int signal_number = SIGSEGV;
  pthread_create(&thread, NULL, cause_elsewhere, &signal_number);
  pthread_join(thread, NULL);
  children();
  printf(STEP(2));
  printf("handled %d\n", handled);
  fflush(stdout);
#ifdef END
  END;
#endif
  return 4;
}
