// A program that enters the kernel by an instruction of its own: no library sees it.
#include <string.h>
#include "metric.h"

static long direct_write(int fd, const char *bytes, size_t size) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(1L), "D"((long)fd), "S"(bytes), "d"(size) : "rcx", "r11", "memory");
  return result;
#else
  register long number __asm__("x8") = 64, first __asm__("x0") = fd;
  register const char *second __asm__("x1") = bytes;
  register size_t third __asm__("x2") = size;
  __asm__ volatile("svc 0" : "+r"(first) : "r"(number), "r"(second), "r"(third) : "memory");
  return first;
#endif
}

int main(void) {
  static const char *const lines[] = {STEP(1), STEP(2), STEP(3)};
  long written = 0;
  for (int line = 0; line < 3; line++) written += direct_write(1, lines[line], strlen(lines[line]));
  return written > 0 ? 0 : 3;
}
