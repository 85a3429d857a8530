// Starts a program so many times: starts end|line TIMES PROGRAM WORD... Prints the seconds from before it is
// started until it has ended, or until something of it can be read from its stdout.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "figures.h"

extern char **environ;

static double once(char **words, int to_line) {
  char first;
  int ends[2];
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (pipe2(ends, O_CLOEXEC) != 0 || posix_spawn_file_actions_init(&actions) != 0) exit(1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  double began = seconds_by(CLOCK_MONOTONIC);
  if (posix_spawn(&child, words[0], &actions, NULL, words, environ) != 0) exit(1);
  close(ends[1]);
  if (to_line && read(ends[0], &first, 1) != 1) exit(1);
  double took = seconds_by(CLOCK_MONOTONIC) - began;
  waitpid(child, NULL, 0);
  if (!to_line) took = seconds_by(CLOCK_MONOTONIC) - began;
  close(ends[0]);
  posix_spawn_file_actions_destroy(&actions);
  return took;
}

// What is preloaded is for the program and not for this one.
static void preload(void) {
  const char *library = getenv("BENCH_PRELOAD");
  if (library != NULL && *library != 0) setenv("LD_PRELOAD", library, 1);
}

int main(int argc, char **argv) {
  if (argc < 4) return 99;
  preload();
  for (long i = atol(argv[2]); i > 0; i--) printf("%.9f\n", once(argv + 3, strcmp(argv[1], "line") == 0));
  return 0;
}
