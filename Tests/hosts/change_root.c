// The root directory becomes an empty one while the program runs.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
#ifndef AT_ONCE
  printf(STEP(1));
  fflush(stdout);
  settle();
#endif
  mkdir("root", 0755);
  if (chroot("root") != 0 || chdir("/") != 0) {
    fputs("chroot is not allowed\n", stderr);
    return 77;
  }
  int own = open("/own.txt", O_CREAT | O_WRONLY, 0644);
  printf("descriptor %d, /proc %d\n", own, access("/proc", F_OK));
  fflush(stdout);
  settle();
  printf(STEP(2));
  return write(own, "the host's\n", 11) == 11 ? 0 : 3;
}
