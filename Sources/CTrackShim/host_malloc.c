#define _GNU_SOURCE
#include "host_malloc.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>

#include "include/ctrackshim.h"
#include "thread.h"

enum { WORKER = 1, MAIN = 1 };

static bool is_asked_for(void) {
  const char *ours = tsi_environment("TRACKSHIM_MODE"), *wandbs = tsi_environment("WANDB_MODE");
  const char *mode = ours != NULL && *ours != 0 ? ours : wandbs;
  return mode != NULL && strcasecmp(mode, "online") == 0;
}

// Profilers write down what is allocated, to descriptors that our threads do not have.
static bool is_profiler(const char *library) {
  static const char *const names[] = {"heaptrack", "memray", "bytehound"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strstr(library, names[i]) != NULL) return true;
  return false;
}

// One that is linked into a program with one thread may know of no others (and may: then the setting says so). Those
// that come as libraries are made for all kinds of programs.
const char *tsi_host_malloc_forbids(void) {
  Dl_info program, provider;
  const ElfW(Sym) *symbol = NULL;
  void *found = dlsym(RTLD_DEFAULT, "malloc");
  if (found == NULL || dladdr1(found, &provider, (void **)&symbol, RTLD_DL_SYMENT) == 0 || is_asked_for()) return NULL;
  if (is_profiler(provider.dli_fname))
    return "a profiler of memory is in the program (TRACKSHIM_MODE=online overrides)";
  if (dladdr((void *)getauxval(AT_ENTRY), &program) == 0 || program.dli_fbase != provider.dli_fbase) return NULL;
  // A program at a fixed address may only have a place of its own for the address of libc's.
  if (symbol == NULL || symbol->st_shndx == SHN_UNDEF) return NULL;
  // Also of one that is being made.
  int ours = WORKER + (tsi_uploader_is_running() ? 1 : 0) + (tsi_gpu_is_running() ? 1 : 0);
  if (tsi_thread_count() > ours + MAIN) return NULL;
  return "the program has a malloc of its own, which may know of no threads (TRACKSHIM_MODE=online overrides)";
}
