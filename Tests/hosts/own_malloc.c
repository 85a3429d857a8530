// A program with a malloc of its own that takes no lock, since it has one thread. It counts who else comes.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "metric.h"

static char heap[64 << 20] __attribute__((aligned(16)));
static size_t used;
static int strangers;

static void *take(size_t alignment, size_t size) {
  if (syscall(SYS_gettid) != getpid()) __atomic_fetch_add(&strangers, 1, __ATOMIC_RELAXED);
  // The size in front, for realloc. Atomic only so that a stranger is counted and not killed.
  size_t whole = (size + 2 * alignment + 15) & ~(size_t)15;
  size_t at = __atomic_fetch_add(&used, whole, __ATOMIC_RELAXED);
  if (at + whole > sizeof heap) return errno = ENOMEM, NULL;
  char *block = (char *)(((uintptr_t)heap + at + 16 + alignment - 1) & ~(uintptr_t)(alignment - 1));
  memcpy(block - sizeof size, &size, sizeof size);
  return block;
}

void *malloc(size_t size) { return take(16, size); }
void free(void *block) { (void)block; }
void *calloc(size_t count, size_t size) { return take(16, count * size); }
void *memalign(size_t alignment, size_t size) { return take(alignment < 16 ? 16 : alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}
void *realloc(void *block, size_t size) {
  size_t before = 0;
  if (block != NULL) memcpy(&before, (char *)block - sizeof before, sizeof before);
  void *after = take(16, size);
  if (after != NULL && before > 0) memcpy(after, block, before < size ? before : size);
  return after;
}

int main(void) {
  printf(CONFIG_ROW STEP(1));
  fflush(stdout);
  settle();
  for (int line = 0; line < 200; line++) printf("line %d\n", line);
  printf(STEP(2));
  fflush(stdout);
  settle();
  fprintf(stderr, "threads that are not the program's own asked for memory %s\n", strangers > 0 ? "too" : "never");
  return 0;
}
