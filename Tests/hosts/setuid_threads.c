// setresuid changes every thread of the process, by a signal that each must take; then all are looked at.
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void *idle(void *unused) {
  pause();
  return unused;
}

// How many different lines "Uid:" the threads have; the one line goes into `last`.
static int different_users(char last[256]) {
  int different = 0;
  DIR *tasks = opendir("/proc/self/task");
  struct dirent *task;
  while (tasks != NULL && (task = readdir(tasks)) != NULL) {
    char path[300], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
    FILE *status = fopen(path, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
      if (strncmp(line, "Uid:", 4) == 0 && strcmp(line, last) != 0) different++, strcpy(last, line);
    if (status != NULL) fclose(status);
  }
  if (tasks != NULL) closedir(tasks);
  return different;
}

int main(void) {
  pthread_t threads[4];
  char last[256] = "";
  printf(STEP(1));
  fflush(stdout);
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, idle, NULL);
  settle();
  int failed = setresgid(65534, 65534, 65534) | setresuid(65534, 65534, 65534);
  int different = different_users(last);
  printf("failed %d, different %d, %s", failed, different, last);
  printf(STEP(2));
  return 0;
}
