// A guest for machines without libcurl: dlopen finds everything but that.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

void *dlopen(const char *name, int flags) {
  void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
  return name && strstr(name, "libcurl") ? next("/nowhere/libcurl.so.4", flags) : next(name, flags);
}
