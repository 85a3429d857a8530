// Process-wide state a guest could disturb: signal mask, umask, limits, locale, working directory, name.
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "metric.h"

static void report(const char *when) {
  sigset_t mask;
  struct rlimit files;
  char name[16] = "", directory[4096] = "";
  int blocked = 0;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  for (int i = 1; i < 65; i++) blocked += sigismember(&mask, i) == 1;
  getrlimit(RLIMIT_NOFILE, &files);
  prctl(PR_GET_NAME, name);
  mode_t old = umask(022);
  umask(old);
  fprintf(stderr, "%s: %d blocked, %lu files, name %s, umask %o, locale %s, dumpable %d, in %s\n", when, blocked,
          (unsigned long)files.rlim_cur, name, (unsigned)old, setlocale(LC_ALL, NULL), prctl(PR_GET_DUMPABLE),
          getcwd(directory, sizeof directory));
}

int main(void) {
  report("at the start");
  printf(STEP(1));
  fflush(stdout);
  settle();
  report("a while later");
  return 0;
}
