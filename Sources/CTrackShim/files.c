// File operations of the worker and the CLI, by system call: the libc names may be interposed, and the
// worker's descriptors live in another table than the host's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

#include "include/ctrackshim.h"
#include "rawio.h"

// Numbers from here on: 0 to 2 stay free in the worker's table, so that nothing that thinks it writes
// to stderr can ever write into a journal.
enum { LOWEST_FD = 16 };

int tsi_open(const char *path, int flags, uint32_t mode) {
  long fd = tsi_sys4(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
  if (fd < 0 || fd >= LOWEST_FD) return (int)fd;
  long moved = tsi_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, LOWEST_FD);
  if (moved < 0 && fd > 2) return (int)fd; // a low limit of open files
  tsi_sys1(SYS_close, fd);
  return (int)moved;
}

int tsi_close(int fd) { return (int)tsi_sys1(SYS_close, fd); }

int64_t tsi_pwrite(int fd, const void *bytes, size_t size, int64_t offset) {
  return tsi_sys4(SYS_pwrite64, fd, bytes, size, offset);
}

int64_t tsi_pread(int fd, void *bytes, size_t size, int64_t offset) {
  return tsi_sys4(SYS_pread64, fd, bytes, size, offset);
}

int64_t tsi_file_size(int fd) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH);
  return failed ? failed : about.st_size;
}

int tsi_truncate(int fd, int64_t size) { return (int)tsi_sys2(SYS_ftruncate, fd, size); }
int tsi_mkdir(const char *path, uint32_t mode) { return (int)tsi_sys3(SYS_mkdirat, AT_FDCWD, path, mode); }

int tsi_is_directory(const char *path) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0);
  return !failed && S_ISDIR(about.st_mode);
}

int tsi_symlink(const char *target, const char *path) {
  return (int)tsi_sys3(SYS_symlinkat, target, AT_FDCWD, path);
}

int tsi_rename(const char *from, const char *to) {
  return (int)tsi_sys4(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int tsi_unlink(const char *path) { return (int)tsi_sys3(SYS_unlinkat, AT_FDCWD, path, 0); }

int64_t tsi_readlink(const char *path, char *into, size_t size) {
  return tsi_sys4(SYS_readlinkat, AT_FDCWD, path, into, size);
}

int tsi_host_name(char *into, size_t size) {
  struct utsname system;
  long failed = tsi_sys1(SYS_uname, &system);
  if (failed) return (int)failed;
  snprintf(into, size, "%s", system.nodename);
  return 0;
}

int tsi_local_time(int64_t seconds, char into[16]) {
  struct tm fields;
  time_t when = (time_t)seconds;
  if (localtime_r(&when, &fields) == NULL) return -EINVAL;
  return strftime(into, 16, "%Y%m%d_%H%M%S", &fields) == 15 ? 0 : -EINVAL;
}

int tsi_random(void *into, size_t size) {
  return tsi_sys3(SYS_getrandom, into, size, 0) == (long)size ? 0 : -EIO;
}

uint32_t tsi_user(void) { return (uint32_t)tsi_sys1(SYS_geteuid, 0); }
int32_t tsi_process(void) { return (int32_t)tsi_sys1(SYS_getpid, 0); }
