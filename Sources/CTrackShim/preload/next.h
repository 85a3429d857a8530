// The functions that our interposed names hide, found in the libraries after us.
//
// Another library's constructor may call us before ours has run, so each is looked up at its first use;
// the constructor only warms the same path. Where there is none (an older libc) the pointer stays NULL
// and the wrapper answers ENOSYS, as that libc's callers would expect.
#ifndef TSI_NEXT_H
#define TSI_NEXT_H

#include <dlfcn.h>
#include <stdatomic.h>

#define TSI_EXPORT __attribute__((visibility("default")))

// Declares a pointer to the next definition of `name`, of the type of that function.
#define TSI_NEXT(name) static __typeof__(&name) _Atomic next_##name

#define TSI_FIND(name)                                                                  \
  ({                                                                                    \
    __typeof__(&name) found = atomic_load_explicit(&next_##name, memory_order_relaxed); \
    if (__builtin_expect(found == NULL, 0)) {                                           \
      found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                               \
      atomic_store_explicit(&next_##name, found, memory_order_relaxed);                 \
    }                                                                                   \
    found;                                                                              \
  })

#endif
