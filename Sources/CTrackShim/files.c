// File operations of the worker and the CLI, by system call: the libc names may be interposed, and the
// worker's descriptors live in another table than the host's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "include/ctrackshim.h"
#include "include/trackshim.h"
#include "rawio.h"
#include "sandbox.h"

// 1 and 2 stay free in the worker's table, so that nothing that thinks it writes to stderr can ever write
// into a journal; and in the host's table a high number is in nobody's way. With a low limit of open files
// the lowest that is safe must do.
static const int lowest_fds[] = {16, 3};

static int give_up(int folder, long fd, const char *path, int flags) {
  tsi_sys1(SYS_close, fd);
  if (flags & O_EXCL) tsi_sys3(SYS_unlinkat, folder, path, 0);
  return -EMFILE;
}

// A FIFO or a terminal may lie where a file is expected: nobody waits for its other end, and it does not become
// the process's terminal. To files both flags are nothing.
int tsi_open_at(int folder, const char *path, int flags, uint32_t mode) {
  flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  long fd = tsi_sys4(SYS_openat, folder, path, flags, mode), moved = -EMFILE;
  if (fd < 0 || fd >= lowest_fds[0]) return (int)fd;
  for (size_t i = 0; i < sizeof lowest_fds / sizeof *lowest_fds && moved < 0; i++)
    moved = tsi_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest_fds[i]);
  // Nothing is ever written to what was opened for its place only.
  bool is_harmless = fd == 0 || (flags & O_PATH) != 0;
  if (moved < 0 && (fd > 2 || (is_harmless && tsi_worker_has_own_files()))) return (int)fd;
  if (moved < 0) return give_up(folder, fd, path, flags);
  tsi_sys1(SYS_close, fd);
  return (int)moved;
}

int tsi_open(const char *path, int flags, uint32_t mode) { return tsi_open_at(AT_FDCWD, path, flags, mode); }

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

bool tsi_is_regular(int fd) {
  struct stat about;
  return tsi_sys4(SYS_newfstatat, fd, "", &about, AT_EMPTY_PATH) == 0 && S_ISREG(about.st_mode);
}

int tsi_truncate(int fd, int64_t size) { return (int)tsi_sys2(SYS_ftruncate, fd, size); }
int tsi_mkdir(const char *path, uint32_t mode) { return (int)tsi_sys3(SYS_mkdirat, AT_FDCWD, path, mode); }

int tsi_is_directory(const char *path) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0);
  return !failed && S_ISDIR(about.st_mode);
}

bool tsi_is_other_than_file(const char *path) {
  struct stat about;
  return tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0) == 0 && !S_ISREG(about.st_mode);
}

int64_t tsi_file_state(const char *path, uint64_t *modified) {
  struct stat about;
  long failed = tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0);
  if (failed) return failed;
  *modified = (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec;
  return S_ISREG(about.st_mode) ? about.st_size : -EINVAL;
}

int tsi_about_at(int folder, const char *path, tsi_about *about) {
  struct stat found;
  long failed = tsi_sys4(SYS_newfstatat, folder, path, &found, AT_SYMLINK_NOFOLLOW);
  if (failed) return (int)failed;
  *about = (tsi_about){
      .size = (uint64_t)found.st_size,
      .inode = found.st_ino,
      .modified = found.st_mtim.tv_sec,
      .modified_ns = (uint32_t)found.st_mtim.tv_nsec,
      .changed = found.st_ctim.tv_sec,
      .changed_ns = (uint32_t)found.st_ctim.tv_nsec,
      .mode = found.st_mode,
      .user = found.st_uid,
      .group = found.st_gid,
  };
  return 0;
}

int64_t tsi_readlink_at(int folder, const char *path, char *into, size_t size) {
  return tsi_sys4(SYS_readlinkat, folder, path, into, size);
}

bool tsi_is_foreign(const char *path) {
  struct stat about;
  if (tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0) != 0) return false;
  return about.st_uid != tsi_user() && about.st_uid != 0;
}

bool tsi_is_private_folder(const char *path) {
  struct stat about;
  if (tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return S_ISDIR(about.st_mode) && about.st_uid == tsi_user() && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int tsi_exists(const char *path) {
  struct stat about;
  return tsi_sys4(SYS_newfstatat, AT_FDCWD, path, &about, 0) == 0;
}

bool tsi_is_same_file(const char *first, const char *second) {
  struct stat a, b;
  if (tsi_sys4(SYS_newfstatat, AT_FDCWD, first, &a, 0) != 0) return false;
  if (tsi_sys4(SYS_newfstatat, AT_FDCWD, second, &b, 0) != 0) return false;
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

size_t tsi_text_size(const char *text, size_t limit) { return strnlen(text, limit); }
const char *tsi_version(void) { return TRACKSHIM_VERSION; }

const char *tsi_status_name(int status) {
  switch (status) {
    case TRACKSHIM_OK: return "ok";
    case TRACKSHIM_INACTIVE: return "inactive";
    case TRACKSHIM_INVALID: return "invalid";
    case TRACKSHIM_DROPPED: return "dropped";
    case TRACKSHIM_TIMEOUT: return "timeout";
    default: return "unknown";
  }
}

int tsi_is_in_memory(const char *path) {
  struct statfs about;
  long failed = tsi_sys2(SYS_statfs, path, &about);
  return !failed && (about.f_type == TMPFS_MAGIC || about.f_type == RAMFS_MAGIC);
}

// What a FIFO or a terminal has to say is for somebody else.
static int open_regular(const char *path) {
  int fd = tsi_open(path, O_RDONLY, 0);
  if (fd < 0 || tsi_is_regular(fd)) return fd;
  tsi_close(fd);
  return -EINVAL;
}

int64_t tsi_read_file(const char *path, void *into, size_t size) {
  int fd = open_regular(path);
  if (fd < 0) return fd;
  int64_t total = 0, got = 1;
  while (got > 0 && (size_t)total < size) {
    got = tsi_sys3(SYS_read, fd, (char *)into + total, size - (size_t)total);
    if (got > 0) total += got;
  }
  tsi_close(fd);
  return got < 0 ? got : total;
}

int tsi_symlink(const char *target, const char *path) { return (int)tsi_sys3(SYS_symlinkat, target, AT_FDCWD, path); }

int tsi_rename(const char *from, const char *to) { return (int)tsi_sys4(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to); }

int tsi_unlink(const char *path) { return (int)tsi_sys3(SYS_unlinkat, AT_FDCWD, path, 0); }

int64_t tsi_readlink(const char *path, char *into, size_t size) { return tsi_readlink_at(AT_FDCWD, path, into, size); }

int64_t tsi_working_directory(char *into, size_t size) {
  if (tsi_sandbox_is_silent()) return -EPERM;
  long length = tsi_sys2(SYS_getcwd, into, size);
  // What lies outside of this process's root begins with something else.
  if (length <= 0 || into[0] != '/') return length < 0 ? length : -ENOENT;
  return length - 1;
}

int tsi_disk_space(const char *path, uint64_t space[3]) {
  struct statfs about;
  long failed = tsi_sys2(SYS_statfs, path, &about);
  if (failed) return (int)failed;
  uint64_t block = about.f_frsize ? (uint64_t)about.f_frsize : (uint64_t)about.f_bsize;
  space[0] = about.f_blocks * block;
  space[1] = (about.f_blocks - about.f_bfree) * block;
  space[2] = about.f_bavail * block;
  return 0;
}

long tsi_page_size(void) { return sysconf(_SC_PAGESIZE); }

int tsi_host_name(char *into, size_t size) {
  struct utsname system;
  long failed = tsi_sys1(SYS_uname, &system);
  if (failed) return (int)failed;
  snprintf(into, size, "%s", system.nodename);
  return 0;
}

int tsi_random(void *into, size_t size) { return tsi_sys3(SYS_getrandom, into, size, 0) == (long)size ? 0 : -EIO; }

int tsi_last_error(void) { return errno; }

void tsi_pause(uint32_t milliseconds) {
  struct timespec pause = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
  tsi_sys2(SYS_nanosleep, &pause, NULL);
}

struct directory_entry {
  uint64_t inode;
  int64_t next;
  uint16_t size;
  uint8_t type;
  char name[];
};

static size_t append_names(const char *entries, long size, char *into, size_t room, size_t used) {
  for (long at = 0; at < size;) {
    const struct directory_entry *entry = (const void *)(entries + at);
    size_t length = strlen(entry->name) + 1;
    if (used + length > room) return used;
    memcpy(into + used, entry->name, length);
    used += length;
    at += entry->size;
  }
  return used;
}

int64_t tsi_list(const char *folder, char *into, size_t size) {
  char entries[4096] __attribute__((aligned(8)));
  size_t used = 0;
  int fd = tsi_open(folder, O_RDONLY | O_DIRECTORY, 0);
  if (fd < 0) return fd;
  long got;
  while ((got = tsi_sys3(SYS_getdents64, fd, entries, sizeof entries)) > 0)
    used = append_names(entries, got, into, size, used);
  tsi_close(fd);
  return got < 0 ? got : (int64_t)used;
}

uint32_t tsi_user(void) { return (uint32_t)tsi_sys1(SYS_geteuid, 0); }
int32_t tsi_process(void) { return (int32_t)tsi_sys1(SYS_getpid, 0); }
