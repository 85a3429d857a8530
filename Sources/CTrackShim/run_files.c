// Files in a run's folder, on a way on which no link is followed.
//
// Where others may write too (a project's shared folder, one below /tmp) a name can lead elsewhere from one moment to
// the next. So the folders that we made are opened one inside the other, each only if it is one, and a file that is
// made is a new one: what has its name already is replaced and never opened.
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "include/ctrackshim.h"
#include "rawio.h"

enum { FOLDER = O_PATH | O_DIRECTORY };

// Where the last `count` names of the path begin.
static size_t start_of_names(const char *path, int count) {
  size_t at = strlen(path);
  while (count-- > 0) {
    while (at > 0 && path[at - 1] == '/') at--;
    while (at > 0 && path[at - 1] != '/') at--;
  }
  return at;
}

// Steps from `folder`, which is closed, into the one that the path begins with, and makes it where it is not there.
static int step_into(int folder, const char **path, bool makes) {
  char name[NAME_MAX + 1];
  size_t size = strcspn(*path, "/");
  if (size > NAME_MAX) {
    tsi_close(folder);
    return -ENAMETOOLONG;
  }
  memcpy(name, *path, size);
  name[size] = 0;
  *path += size + strspn(*path + size, "/");
  if (makes) tsi_sys3(SYS_mkdirat, folder, name, 0777);
  int next = tsi_open_at(folder, name, FOLDER | O_NOFOLLOW, 0);
  tsi_close(folder);
  return next;
}

// The folder of the file, whose last `own` folders are no links; *name is the file's own.
static int find_parent(const char *path, int own, bool makes, const char **name) {
  char outer[PATH_MAX];
  size_t size = start_of_names(path, own + 1);
  if (size >= sizeof outer) return -ENAMETOOLONG;
  memcpy(outer, path, size);
  outer[size] = 0;
  int folder = tsi_open(size > 0 ? outer : ".", FOLDER, 0);
  *name = path + size;
  while (folder >= 0 && strchr(*name, '/') != NULL) folder = step_into(folder, name, makes);
  return folder;
}

static int open_parent(const char *path, int own, const char **name) { return find_parent(path, own, false, name); }

int tsi_open_in_run(const char *path, int own, int flags, uint32_t mode) {
  const char *name;
  int folder = open_parent(path, own, &name);
  if (folder < 0) return folder;
  int file = tsi_open_at(folder, name, flags | O_NOFOLLOW, mode);
  tsi_close(folder);
  return file;
}

// A device is nobody's to remove, least of all root's.
static bool is_device(int folder, const char *name) {
  struct stat about;
  if (tsi_sys4(SYS_newfstatat, folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return S_ISCHR(about.st_mode) || S_ISBLK(about.st_mode);
}

static int make_new(int folder, const char *name, uint32_t mode) {
  if (is_device(folder, name)) return -EINVAL;
  tsi_sys3(SYS_unlinkat, folder, name, 0);
  return tsi_open_at(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

int tsi_make_in_run(const char *path, int own, uint32_t mode) {
  const char *name;
  int folder = open_parent(path, own, &name);
  if (folder < 0) return folder;
  int file = make_new(folder, name, mode);
  tsi_close(folder);
  return file;
}

static bool write_all(int file, const char *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    int64_t written = tsi_pwrite(file, bytes + done, size - done, (int64_t)done);
    if (written == -EINTR) continue;
    if (written <= 0) return false;
    done += (size_t)written;
  }
  return true;
}

bool tsi_replace_in_run(const char *path, int own, const void *bytes, size_t size, uint32_t mode) {
  char fresh[NAME_MAX + 1];
  const char *name;
  int folder = open_parent(path, own, &name);
  if (folder < 0) return false;
  int length = snprintf(fresh, sizeof fresh, "%s.%d", name, tsi_process());
  int file = length < (int)sizeof fresh ? make_new(folder, fresh, mode) : -ENAMETOOLONG;
  bool is_whole = file >= 0 && write_all(file, bytes, size);
  if (file >= 0) tsi_close(file);
  bool is_done = is_whole && !is_device(folder, name) && tsi_sys4(SYS_renameat, folder, fresh, folder, name) == 0;
  if (file >= 0 && !is_done) tsi_sys3(SYS_unlinkat, folder, fresh, 0);
  tsi_close(folder);
  return is_done;
}

// ---- Files that lie elsewhere -------------------------------------------------------------------------

// 0 where nothing has the name.
static uint32_t kind_of(int folder, const char *name) {
  struct stat about;
  return tsi_sys4(SYS_newfstatat, folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 ? about.st_mode & S_IFMT : 0;
}

static int replace_with_link(int folder, const char *name, const char *target) {
  char fresh[NAME_MAX + 1];
  uint32_t kind = kind_of(folder, name);
  if (kind != 0 && kind != S_IFLNK) return -EEXIST;
  if (snprintf(fresh, sizeof fresh, "%s.%d", name, tsi_process()) >= (int)sizeof fresh) return -ENAMETOOLONG;
  if (kind_of(folder, fresh) == S_IFLNK) tsi_sys3(SYS_unlinkat, folder, fresh, 0);
  int failed = (int)tsi_sys3(SYS_symlinkat, target, folder, fresh);
  if (failed == 0) failed = (int)tsi_sys4(SYS_renameat, folder, fresh, folder, name);
  return failed;
}

int tsi_link_in_run(const char *path, int own, const char *target) {
  const char *name;
  int folder = find_parent(path, own, true, &name);
  if (folder < 0) return folder;
  int result = replace_with_link(folder, name, target);
  tsi_close(folder);
  return result;
}

// Of a link that another user has made nobody knows where it leads by the time it is followed, and what the user may
// read is not for him to send.
static int follow(int folder, const char *name) {
  char target[PATH_MAX];
  struct stat about;
  int link = tsi_open_at(folder, name, O_PATH | O_NOFOLLOW, 0);
  if (link < 0) return link;
  long failed = tsi_sys4(SYS_newfstatat, link, "", &about, AT_EMPTY_PATH);
  long size = failed ? failed : tsi_sys4(SYS_readlinkat, link, "", target, sizeof target - 1);
  tsi_close(link);
  if (size < 0) return (int)size;
  if (about.st_uid != tsi_user()) return -EPERM;
  target[size] = 0;
  if (tsi_sys4(SYS_newfstatat, folder, target, &about, 0) == 0 && !S_ISREG(about.st_mode)) return -EINVAL;
  return tsi_open_at(folder, target, O_RDONLY, 0);
}

int tsi_open_linked_in_run(const char *path, int own) {
  const char *name;
  int folder = open_parent(path, own, &name);
  if (folder < 0) return folder;
  int file =
      kind_of(folder, name) == S_IFLNK ? follow(folder, name) : tsi_open_at(folder, name, O_RDONLY | O_NOFOLLOW, 0);
  tsi_close(folder);
  if (file < 0 || tsi_is_regular(file)) return file;
  tsi_close(file);
  return -EINVAL;
}

int64_t tsi_linked_file_state(const char *path, int own, uint64_t state[3]) {
  struct stat about;
  int file = tsi_open_linked_in_run(path, own);
  if (file < 0) return file;
  long failed = tsi_sys4(SYS_newfstatat, file, "", &about, AT_EMPTY_PATH);
  tsi_close(file);
  if (failed) return failed;
  state[0] = (uint64_t)about.st_dev;
  state[1] = (uint64_t)about.st_ino;
  state[2] = (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec;
  return about.st_size;
}
