// The unwinder that is linked into the library asks for _dl_find_object, which came with glibc 2.35. Found at
// run time instead, it leaves the floor at 2.34 (RHEL 9). Without it that copy finds no frames, which only
// matters to a C++ exception inside the Swift runtime; there is none that is caught. The host's exceptions
// and pthread_cancel use the host's own unwinder.
#include <dlfcn.h>
#include <stddef.h>

int _dl_find_object(void *address, void *result);
__attribute__((visibility("hidden"))) int _dl_find_object(void *address, void *result) {
  typedef int function(void *, void *);
  function *real = (function *)dlsym(RTLD_NEXT, "_dl_find_object");
  return real == NULL ? -1 : real(address, result);
}
