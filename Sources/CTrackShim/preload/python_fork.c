#include "python_fork.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "worker.h"

enum { FIRST_THAT_COUNTS = 0x030C0000 };

// CPython's own number, exported since 3.11; absent in every other program.
extern const unsigned long Py_Version __attribute__((weak));

void tsi_python_fork_watch(void) {
  static _Atomic bool is_watched;
  if (&Py_Version == NULL || Py_Version < FIRST_THAT_COUNTS || atomic_exchange(&is_watched, true)) return;
  pthread_atfork(tsi_worker_pause, NULL, NULL);
}
