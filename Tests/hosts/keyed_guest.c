// A library that keeps something for each thread that asks for memory, as other mallocs do, and ends the program where
// that is not what it was: thread-specific data of another libc in the same thread would be in its place.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_key_t key;
static char mark;

static void say_end(void *kept) {
  if (kept != &mark) _exit(90);
}

__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, say_end); }

void *calloc(size_t count, size_t size) {
  static void *(*next)(size_t, size_t);
  static char early[4096];
  static size_t used;
  static __thread int is_inside;
  if (is_inside) {
    // dlsym asks for memory before it has found the next one.
    size_t at = used;
    used += (count * size + 15) & ~(size_t)15;
    return used <= sizeof early ? early + at : NULL;
  }
  if (next == NULL) {
    is_inside = 1;
    *(void **)&next = dlsym(RTLD_NEXT, "calloc");
    is_inside = 0;
  }
  void *kept = key != 0 || next != NULL ? pthread_getspecific(key) : NULL;
  if (kept != NULL && kept != &mark) _exit(91);
  if (kept == NULL) pthread_setspecific(key, &mark);
  return next(count, size);
}
