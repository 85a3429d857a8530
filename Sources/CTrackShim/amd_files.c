#define _GNU_SOURCE
#include "amd_files.h"

#include <fcntl.h>
#include <string.h>

#include "amd_cards.h"
#include "rawio.h"

int tsi_amd_open_folder(const char *path) {
  return (int)tsi_sys4(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

// Not O_NONBLOCK, which files of /sys do not know: waiting is what this thread is for.
bool tsi_amd_read(int folder, const char *name, char *text, size_t room) {
  text[0] = 0;
  // A thread that was sent away makes no further call: it may be about to be forbidden (sandbox.c).
  if (folder < 0 || tsi_gpu_is_dismissed()) return false;
  long file = tsi_sys4(SYS_openat, folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
  if (file < 0) return false;
  long size = tsi_gpu_is_dismissed() ? 0 : tsi_sys3(SYS_read, file, text, room - 1);
  tsi_sys1(SYS_close, file);
  text[size > 0 ? size : 0] = 0;
  text[strcspn(text, "\n")] = 0;
  return text[0] != 0;
}

bool tsi_amd_read_number(int folder, const char *name, uint64_t *value) {
  char text[TSI_AMD_NUMBER];
  uint64_t number = 0;
  if (!tsi_amd_read(folder, name, text, sizeof text)) return false;
  for (const char *digit = text; *digit != 0; digit++) {
    if (*digit < '0' || *digit > '9') return false;
    if (__builtin_mul_overflow(number, 10u, &number)) return false;
    if (__builtin_add_overflow(number, (uint64_t)(*digit - '0'), &number)) return false;
  }
  *value = number;
  return true;
}
