// What a program has measured of itself goes into the file that BENCH_FIGURES names, a number a line.
#pragma once
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline double seconds_by(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline void keep_figure(double value) {
  const char *path = getenv("BENCH_FIGURES");
  int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
  if (file < 0) return;
  dprintf(file, "%.9f\n", value);
  close(file);
}

// The most memory that was resident, in KiB. Not by getrusage: what that says begins with what started the program.
static inline long peak_memory(void) {
  FILE *status = fopen("/proc/self/status", "re");
  char line[256];
  long found = 0;
  while (status && fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %ld", &found) != 1) {
  }
  if (status) fclose(status);
  return found;
}

// Seconds for which this thread could have computed and had no core.
static inline double waited_for_a_core(void) {
  FILE *statistics = fopen("/proc/thread-self/schedstat", "re");
  unsigned long long computed, waited = 0;
  if (statistics && fscanf(statistics, "%llu %llu", &computed, &waited) != 2) waited = 0;
  if (statistics) fclose(statistics);
  return (double)waited / 1e9;
}

static inline void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000L};
  while (ms > 0 && nanosleep(&left, &left) != 0) {
  }
}
