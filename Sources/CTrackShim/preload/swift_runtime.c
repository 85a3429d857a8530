// Three things that the Swift runtime and the C++ library inside this file shall not do to the program they
// were loaded into. Defined here, these names are not taken from the archives.
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The runtime's crash backtracer sets itself up before main, in every program: it searches the disk for its
// helper, asks whether stdout is a terminal (and leaves ENOTTY in errno), and with SWIFT_BACKTRACE set
// installs handlers for the host's crash signals. All of that hangs on the object that defines its settings.
// All zero means off, on Swift 6.3 (stdlib/public/runtime/Backtrace.cpp; 88 bytes there).
__attribute__((visibility("hidden"))) uint64_t _swift_backtraceSettings[32];
bool _swift_backtrace_isThunkFunction(const char *name);
__attribute__((visibility("hidden"))) bool _swift_backtrace_isThunkFunction(const char *name) {
  (void)name;
  return false;
}

// The program's arguments are read from /proc/self/maps and the stack by an initialiser of the runtime, for the type
// CommandLine, which we do not use.
char **_swift_stdlib_getUnsafeArgvArgc(int *count);
__attribute__((visibility("hidden"))) char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
  static char *none[1];
  *count = 0;
  return none;
}
void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);
__attribute__((visibility("hidden"))) void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count) {
  (void)arguments;
  (void)count;
}

// The unwinder that is linked in asks for _dl_find_object, which came with glibc 2.35. Found at run time
// instead, it leaves the floor at 2.34 (RHEL 9). Without it that copy finds no frames, which only matters to a
// C++ exception inside the Swift runtime; there is none that is caught. The host's exceptions and
// pthread_cancel use the host's own unwinder.
int _dl_find_object(void *address, void *result);
__attribute__((visibility("hidden"))) int _dl_find_object(void *address, void *result) {
  typedef int function(void *, void *);
  function *real = (function *)dlsym(RTLD_NEXT, "_dl_find_object");
  return real == NULL ? -1 : real(address, result);
}
