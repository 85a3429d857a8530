// What libc prints on its own account, by every way it has, to both streams. A terminal is open for reading as well;
// with READABLE stderr is like one.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include "metric.h"

static int seen[64], count;

#define NOTE(call)         \
  do {                     \
    errno = ENOENT;        \
    call;                  \
    seen[count++] = errno; \
  } while (0)

static void before_stderr_is_used(void) {
#ifdef READABLE
  int both = open("/proc/self/fd/2", O_RDWR);
  if (both < 0 || dup2(both, 2) != 2) _exit(3);
  close(both);
#endif
  NOTE(perror("an error"));
  NOTE(perror(""));
  NOTE(perror(NULL));
}

static void messages(void) {
  char *words[] = {"host", "-Q", NULL};
  NOTE(psignal(SIGUSR1, "a signal"));
  NOTE(error(0, EACCES, "by error"));
  NOTE(error_at_line(0, 0, "file", 7, "by error_at_line"));
  NOTE(warn("by warn %d", 1));
  NOTE(warnx("by warnx"));
  NOTE(getopt(2, words, "a"));
  NOTE(perror("stderr is in use"));
}

static void single(FILE *file) {
  NOTE(putw(0x0a424344, file));
  NOTE(fputc_unlocked('c', file));
  NOTE(fwrite_unlocked("\n", 1, 1, file));
  NOTE(fprintf(file, "%200d\n", 5));
}

static void wide(void) {
  NOTE(fwprintf(stdout, L"wide %ls\n", L"text"));
  NOTE(fputws(L"more\n", stdout));
}

int main(void) {
  dprintf(1, STEP_FORMAT, 1, 4.5, 1.0, 1000);
  before_stderr_is_used();
  messages();
  single(stderr);
#ifdef WIDE
  wide();
#else
  single(stdout);
  fflush(stdout);
  setvbuf(stdout, NULL, _IONBF, 0);
  single(stdout);
#endif
  for (int i = 0; i < count; i++) fprintf(stderr, "call %d errno %d\n", i, seen[i]);
  return 0;
}
