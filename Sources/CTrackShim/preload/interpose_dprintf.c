// dprintf, which from glibc 2.37 on writes its text without a FILE, past the slot (stdio_slot.c).
//
// libc writes it as it always would, and nothing of that can be seen. So the text is made a second time, from a
// copy of the arguments, after it was written. Both times it is the same, unless another thread changes what the
// arguments point to, or the program has taught printf conversions of its own that count their calls; %n stores
// the same number again.
//
// What is not known is not recorded, but counted and said: of a text that could not be written to its end, how much
// was (libc passes it on in parts of 2,048 bytes); and what is longer than the ring.
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>

#include "next.h"
#include "rawio.h"
#include "ring.h"
#include "stdio_slot.h"
#include "tap.h"

// The frame is the host's stack; a longer text gets memory of its own for a moment, up to LONGEST_BYTES.
enum { FRAME_BYTES = 1024, LONGEST_BYTES = 4 << 20, PART_BYTES = 2048 };

int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list list);

TSI_NEXT(vsnprintf);
TSI_NEXT(vdprintf);
TSI_NEXT(__vdprintf_chk);

// Not recorded, and not known: neither joins what went before to what follows.
static void lose(int fd, size_t size) {
  if (size > 0) tsi_tap_unseen(fd, size);
  if (tsi_tap_is_awake()) tsi_ring_mark_gap(tsi_tap_ring());
}

static void record_long(int fd, const char *format, va_list list, size_t size, int error) {
  size_t room = size < LONGEST_BYTES ? size + 1 : LONGEST_BYTES;
  long memory = tsi_sys6(SYS_mmap, NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0 && memory > -4096) {
    lose(fd, size);
    return;
  }
  errno = error;
  int made = TSI_FIND(vsnprintf)((char *)memory, room, format, list);
  size_t got = made < 0 ? 0 : (size_t)made < room ? (size_t)made : room - 1;
  if (got > 0) tsi_tap_written(fd, (char *)memory, got);
  if (got < size) lose(fd, size - got);
  tsi_sys2(SYS_munmap, memory, room);
}

// `error` is errno as it was before the call: %m prints it. Not inlined: libc's work needs no room for our text.
__attribute__((noinline)) static void record(int fd, const char *format, va_list list, int written, int error) {
  char text[FRAME_BYTES];
  va_list again;
  va_copy(again, list);
  errno = error;
  int made = TSI_FIND(vsnprintf)(text, sizeof text, format, list);
  if (written < 0)
    lose(fd, made > PART_BYTES ? (size_t)made : 0);
  else if (made >= FRAME_BYTES)
    record_long(fd, format, again, (size_t)made, error);
  else if (made > 0)
    tsi_tap_written(fd, text, (size_t)made);
  va_end(again);
}

// Nothing is made a second time in children and ignored programs, which are dark.
static bool is_wanted(int fd, int written) {
  if (written == 0 || !tsi_tap_is_stream(fd) || tsi_stdio_slot_sees_dprintf()) return false;
  return written > 0 ? tsi_tap_can_record() : tsi_tap_is_awake();
}

static int print(int fd, const char *format, va_list list, bool checked, int flag) {
  int error = errno;
  va_list again;
  va_copy(again, list);
  int written = checked ? TSI_FIND(__vdprintf_chk)(fd, flag, format, list) : TSI_FIND(vdprintf)(fd, format, list);
  int before = errno;
  if (is_wanted(fd, written)) record(fd, format, again, written, error);
  errno = before;
  va_end(again);
  return written;
}

TSI_EXPORT int vdprintf(int fd, const char *format, va_list list) { return print(fd, format, list, false, 0); }

TSI_EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list list) {
  return print(fd, format, list, true, flag);
}

TSI_EXPORT int dprintf(int fd, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int written = print(fd, format, list, false, 0);
  va_end(list);
  return written;
}

TSI_EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int written = print(fd, format, list, true, flag);
  va_end(list);
  return written;
}
