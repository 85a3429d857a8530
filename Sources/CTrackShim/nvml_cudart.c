// The CUDA that a program brings, told by the name of the file.
//
// No function of libcudart is called for it: cudaRuntimeGetVersion of CUDA 11 initialises the driver (seen
// with 11.8; 12.9 and 13.5 do not), which opens its devices, and from our thread those would be in another file table
// than the program's.
#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "include/ctrackshim.h"
#include "include/ctrackshim_gpu.h"

static const char *const stem = "libcudart.so.";

enum { PATH_BYTES = 4096 };

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static int find(struct dl_phdr_info *about, size_t size, void *into) {
  (void)size;
  if (strncmp(last_part(about->dlpi_name), stem, strlen(stem)) != 0) return 0;
  snprintf(into, PATH_BYTES, "%s", about->dlpi_name);
  return 1;
}

// Of CUDA's installation libcudart.so.12 is a link to libcudart.so.12.4.127; of a Python package it is the file itself.
void tsi_cuda_runtime_version(char *version, size_t room) {
  static char path[PATH_BYTES], target[PATH_BYTES];
  version[0] = 0;
  if (dl_iterate_phdr(find, path) == 0) return;
  const char *name = last_part(path);
  int64_t size = tsi_readlink(path, target, sizeof target - 1);
  if (size > 0) {
    target[size] = 0;
    if (strncmp(last_part(target), stem, strlen(stem)) == 0) name = last_part(target);
  }
  snprintf(version, room, "%s", name + strlen(stem));
}
