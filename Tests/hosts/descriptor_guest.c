// A preloaded malloc that keeps descriptors in variables, as unwinders and profilers do: a pipe that it makes anew
// where the numbers are not open any more. A thread with a file table of its own must not get into it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

void *__libc_malloc(size_t size);

static int ends[2] = {-1, -1};

void *malloc(size_t size) {
  int before = errno;
  char byte;
  if (ends[1] < 0 || write(ends[1], "x", 1) != 1) {
    if (ends[1] >= 0) close(ends[0]), close(ends[1]);
    if (pipe2(ends, O_NONBLOCK) != 0) ends[0] = ends[1] = -1;
  } else if (read(ends[0], &byte, 1) != 1) {
    ends[1] = -1;
  }
  errno = before;
  return __libc_malloc(size);
}
