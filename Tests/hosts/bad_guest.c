// A guest that does what no guest may do. The runner must notice every one of these.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void start(void) {
#if defined(PRINTS_A_BYTE)
  if (write(1, "!", 1) != 1) return;
#elif defined(SPEAKS_ON_STDERR)
  if (write(2, "tracking you\n", 13) != 13) return;
#elif defined(LEAKS_A_DESCRIPTOR)
  if (open("/dev/null", O_RDONLY) < 0) return;
#elif defined(CHANGES_THE_ENVIRONMENT)
  setenv("GUEST", "here", 1);
#elif defined(LEAVES_A_FILE)
  close(open("guest.txt", O_CREAT | O_WRONLY, 0644));
#endif
}

__attribute__((destructor)) static void stop(void) {
#if defined(CHANGES_THE_STATUS)
  fflush(NULL);
  _exit(99);
#elif defined(HANGS_AT_EXIT)
  for (;;) pause();
#endif
}

#if defined(CHANGES_ERRNO) || defined(SWALLOWS_OUTPUT) || defined(WRITES_IN_TWO)
ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
#if defined(SWALLOWS_OUTPUT)
  if (fd == 1 && count > 20) return (ssize_t)count;
#endif
#if defined(WRITES_IN_TWO)
  if (fd == 1 && count > 1 && real(fd, bytes, 1) == 1) return 1 + real(fd, (const char *)bytes + 1, count - 1);
#endif
  ssize_t result = real(fd, bytes, count);
#if defined(CHANGES_ERRNO)
  errno = EBADMSG;
#endif
  return result;
}
#endif
