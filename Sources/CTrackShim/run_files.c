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

// Steps from `folder`, which is closed, into the one that the path begins with.
static int step_into(int folder, const char **path) {
  char name[NAME_MAX + 1];
  size_t size = strcspn(*path, "/");
  if (size > NAME_MAX) {
    tsi_close(folder);
    return -ENAMETOOLONG;
  }
  memcpy(name, *path, size);
  name[size] = 0;
  *path += size + strspn(*path + size, "/");
  int next = tsi_open_at(folder, name, FOLDER | O_NOFOLLOW, 0);
  tsi_close(folder);
  return next;
}

// The folder of the file, whose last `own` folders are no links; *name is the file's own.
static int open_parent(const char *path, int own, const char **name) {
  char outer[PATH_MAX];
  size_t size = start_of_names(path, own + 1);
  if (size >= sizeof outer) return -ENAMETOOLONG;
  memcpy(outer, path, size);
  outer[size] = 0;
  int folder = tsi_open(size > 0 ? outer : ".", FOLDER, 0);
  *name = path + size;
  while (folder >= 0 && strchr(*name, '/') != NULL) folder = step_into(folder, name);
  return folder;
}

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
