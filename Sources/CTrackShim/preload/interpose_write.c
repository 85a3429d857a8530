// The calls that write to a descriptor. One shape: call the real one, and if it wrote to fd 1 or 2, hand
// the bytes it took to the tap; errno is as the real one left it. write() stays a cancellation point: no
// state of ours lives across the call.
//
// They interpose libc's names for the program and its libraries; libc's own stdio goes by the FILE
// slot (stdio_slot.c).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "next.h"
#include "rawio.h"
#include "tap.h"

static void written(int fd, const void *bytes, ssize_t result) {
  if (result <= 0 || !tsi_tap_is_stream(fd)) return;
  int before = errno;
  tsi_tap_written(fd, bytes, (size_t)result);
  errno = before;
}

static void written_vector(int fd, const struct iovec *parts, size_t count, ssize_t result) {
  if (result <= 0 || !tsi_tap_is_stream(fd)) return;
  int before = errno;
  tsi_tap_written_vector(fd, parts, (int)count, (size_t)result);
  errno = before;
}

TSI_NEXT(write);
TSI_EXPORT ssize_t write(int fd, const void *bytes, size_t size) {
  bool has_begun = tsi_tap_write_begins(fd);
  ssize_t result = TSI_FIND(write)(fd, bytes, size);
  written(fd, bytes, result);
  tsi_tap_write_ends(has_begun);
  return result;
}

TSI_NEXT(pwrite);
TSI_EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
  ssize_t result = TSI_FIND(pwrite)(fd, bytes, size, offset);
  written(fd, bytes, result);
  return result;
}

TSI_NEXT(pwrite64);
TSI_EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  ssize_t result = TSI_FIND(pwrite64)(fd, bytes, size, offset);
  written(fd, bytes, result);
  return result;
}

TSI_NEXT(writev);
TSI_EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) {
  bool has_begun = tsi_tap_write_begins(fd);
  ssize_t result = TSI_FIND(writev)(fd, parts, count);
  written_vector(fd, parts, (size_t)count, result);
  tsi_tap_write_ends(has_begun);
  return result;
}

TSI_NEXT(pwritev);
TSI_EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  ssize_t result = TSI_FIND(pwritev)(fd, parts, count, offset);
  written_vector(fd, parts, (size_t)count, result);
  return result;
}

TSI_NEXT(pwritev64);
TSI_EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  ssize_t result = TSI_FIND(pwritev64)(fd, parts, count, offset);
  written_vector(fd, parts, (size_t)count, result);
  return result;
}

TSI_NEXT(pwritev2);
TSI_EXPORT ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags) {
  ssize_t result = TSI_FIND(pwritev2)(fd, parts, count, offset, flags);
  written_vector(fd, parts, (size_t)count, result);
  return result;
}

TSI_NEXT(pwritev64v2);
TSI_EXPORT ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags) {
  ssize_t result = TSI_FIND(pwritev64v2)(fd, parts, count, offset, flags);
  written_vector(fd, parts, (size_t)count, result);
  return result;
}

TSI_NEXT(send);
TSI_EXPORT ssize_t send(int fd, const void *bytes, size_t size, int flags) {
  ssize_t result = TSI_FIND(send)(fd, bytes, size, flags);
  written(fd, bytes, result);
  return result;
}

TSI_NEXT(sendto);
TSI_EXPORT ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
                          socklen_t to_size) {
  ssize_t result = TSI_FIND(sendto)(fd, bytes, size, flags, to, to_size);
  written(fd, bytes, result);
  return result;
}

TSI_NEXT(sendmsg);
TSI_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  ssize_t result = TSI_FIND(sendmsg)(fd, message, flags);
  if (result > 0) written_vector(fd, message->msg_iov, message->msg_iovlen, result);
  return result;
}

TSI_NEXT(vmsplice);
TSI_EXPORT ssize_t vmsplice(int fd, const struct iovec *parts, size_t count, unsigned flags) {
  ssize_t result = TSI_FIND(vmsplice)(fd, parts, count, flags);
  written_vector(fd, parts, count, result);
  return result;
}

// ---- copies inside the kernel: read again from the source, if it is one that can be ---------------

enum { COPY_BUFFER = 4096 };

static void copied(int fd, int source, int64_t start, ssize_t result) {
  uint8_t buffer[COPY_BUFFER];
  size_t left = result > 0 ? (size_t)result : 0;
  while (left > 0) {
    size_t want = left < sizeof buffer ? left : sizeof buffer;
    long got = start < 0 ? -1 : tsi_sys4(SYS_pread64, source, buffer, want, start);
    if (got <= 0) {
      tsi_tap_unseen(fd, left);
      return;
    }
    tsi_tap_written(fd, buffer, (size_t)got);
    start += got;
    left -= (size_t)got;
  }
}

// Where the copy will begin in the source; -1 when it has no places (a pipe).
static int64_t source_start(int fd, int source, const int64_t *offset) {
  if (!tsi_tap_is_stream(fd)) return -1;
  return offset != NULL ? *offset : tsi_sys3(SYS_lseek, source, 0, SEEK_CUR);
}

static void copied_keeping_errno(int fd, int source, int64_t start, ssize_t result) {
  if (result <= 0 || !tsi_tap_is_stream(fd)) return;
  int before = errno;
  copied(fd, source, start, result);
  errno = before;
}

TSI_NEXT(sendfile);
TSI_EXPORT ssize_t sendfile(int fd, int source, off_t *offset, size_t size) {
  int64_t start = source_start(fd, source, offset);
  ssize_t result = TSI_FIND(sendfile)(fd, source, offset, size);
  copied_keeping_errno(fd, source, start, result);
  return result;
}

TSI_NEXT(sendfile64);
TSI_EXPORT ssize_t sendfile64(int fd, int source, off64_t *offset, size_t size) {
  int64_t start = source_start(fd, source, offset);
  ssize_t result = TSI_FIND(sendfile64)(fd, source, offset, size);
  copied_keeping_errno(fd, source, start, result);
  return result;
}

TSI_NEXT(copy_file_range);
TSI_EXPORT ssize_t copy_file_range(int source, off64_t *from, int fd, off64_t *to, size_t size, unsigned flags) {
  int64_t start = source_start(fd, source, from);
  ssize_t result = TSI_FIND(copy_file_range)(source, from, fd, to, size, flags);
  copied_keeping_errno(fd, source, start, result);
  return result;
}

TSI_NEXT(splice);
TSI_EXPORT ssize_t splice(int source, off64_t *from, int fd, off64_t *to, size_t size, unsigned flags) {
  int64_t start = source_start(fd, source, from);
  ssize_t result = TSI_FIND(splice)(source, from, fd, to, size, flags);
  copied_keeping_errno(fd, source, start, result);
  return result;
}

TSI_NEXT(tee);
TSI_EXPORT ssize_t tee(int source, int fd, size_t size, unsigned flags) {
  ssize_t result = TSI_FIND(tee)(source, fd, size, flags);
  copied_keeping_errno(fd, source, -1, result);
  return result;
}
