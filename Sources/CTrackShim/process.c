#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/ctrackshim.h"

uint64_t tsi_process_start(int32_t process) {
  char path[32], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  int fd = tsi_open(path, O_RDONLY, 0);
  if (fd < 0) return 0;
  int64_t size = tsi_pread(fd, text, sizeof text - 1, 0);
  tsi_close(fd);
  if (size <= 0) return 0;
  text[size] = 0;
  // The command's name stands in brackets and may hold anything, so count from the last bracket.
  char *field = strrchr(text, ')');
  for (int skip = 0; field != NULL && skip < 20; skip++) field = strchr(field + 1, ' ');
  return field == NULL ? 0 : strtoull(field + 1, NULL, 10);
}
