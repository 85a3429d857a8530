// A program may forbid itself system calls (seccomp) on pain of death. What we call is then what kills it, so the
// filter is asked before it is in force: it is a small program, run here for each call that we make.
//
//   It forbids what our code makes on the host's threads: those calls are left out from then on. The worker still sees
//   what is printed, for it looks every 20 ms anyway; nobody waits for it at the end.
//   It forbids what the worker makes, and the worker is under it too: recording ends first.
//   It forbids what the reading of GPUs makes, and that thread is under it too: that ends first.
//
// A filter that answers with an error is no danger. One that a program inherits cannot be asked.
#ifndef TSI_SANDBOX_H
#define TSI_SANDBOX_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  bool kills_hosts_threads; // for what we do on them
  bool kills_ours;
  bool kills_drivers; // for what NVIDIA's library does on ours
} tsi_sandbox_verdict;

tsi_sandbox_verdict tsi_sandbox_ask(const struct sock_filter *program, size_t size);

// What follows from it, before the filter is set. `everywhere`: for all threads, not only the calling one.
void tsi_sandbox_prepare(tsi_sandbox_verdict verdict, bool everywhere);
// Capture path. No system call may be made on a thread of the host's.
bool tsi_sandbox_is_silent(void);

#endif
