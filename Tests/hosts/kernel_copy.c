// Bytes that reach stdout without passing through the program's memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>
#include "metric.h"

static const char text[] = STEP(2) "copied by the kernel\nfrom a file\n";

static void report(const char *name, long result, off_t offset) {
  fprintf(stderr, "%s %ld errno %d offset %ld\n", name, result, result < 0 ? errno : 0, (long)offset);
}

int main(void) {
  int file = open("source.txt", O_CREAT | O_RDWR | O_TRUNC, 0644);
  if (write(file, text, sizeof text - 1) < 0) return 3;
  printf(STEP(1));
  fflush(stdout);
  off_t at = 0;
  report("sendfile with offset", sendfile(1, file, &at, 30), at);
  lseek(file, 30, SEEK_SET);
  report("sendfile", sendfile(1, file, NULL, 1000), lseek(file, 0, SEEK_CUR));
  off_t from = 0;
  report("splice", splice(file, &from, 1, NULL, sizeof text - 1, 0), from);
  from = 0;
  report("copy_file_range", copy_file_range(file, &from, 1, NULL, sizeof text - 1, 0), from);
  lseek(file, 0, SEEK_SET);
  report("copy_file_range without offset", copy_file_range(file, NULL, 1, NULL, 1000, 0), lseek(file, 0, SEEK_CUR));
  printf(STEP(3));
  return 0;
}
