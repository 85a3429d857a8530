#define _GNU_SOURCE
#include "launched.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rawio.h"
#include "sandbox.h"
#include "tap.h"

static bool is_launched;

static bool is_set(const char *value) { return value != NULL && *value != 0; }

// TRACKSHIM_LAUNCHED is "PID FOLDER": the process, and the folder in which a run of it would appear.
void tsi_launched_load(void) {
  const char *launched = tsi_environment("TRACKSHIM_LAUNCHED");
  is_launched = is_set(launched) && atoi(launched) == tsi_process();
}

// Of a job whose ranks are runs of their own, the rank stands behind the id.
static size_t without_rank(const char *name, size_t size) {
  size_t digits = size;
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') digits--;
  return digits > 0 && digits < size && name[digits - 1] == '-' ? digits - 1 : size;
}

static bool ends_with(const char *name, size_t size, const char *id) {
  size_t id_size = strlen(id);
  return size > id_size && name[size - id_size - 1] == '-' && memcmp(name + size - id_size, id, id_size) == 0;
}

static bool ends_with_id(const char *name, const char *id) {
  size_t size = strlen(name);
  return ends_with(name, size, id) || ends_with(name, without_rank(name, size), id);
}

static bool has_run(const char *folder, const char *id) {
  DIR *entries = opendir(folder);
  bool found = false;
  if (entries == NULL) return false;
  for (struct dirent *entry; !found && (entry = readdir(entries)) != NULL;) found = ends_with_id(entry->d_name, id);
  closedir(entries);
  return found;
}

// Any process behind this one may have become the run, so the folders are asked, not this process.
static bool any_run(const char *parent, const char *id) {
  static const char *const names[] = {"wandb", ".wandb"};
  char folder[PATH_MAX];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(folder, sizeof folder, "%s/%s", parent, names[i]);
    if (has_run(folder, id)) return true;
  }
  return false;
}

void tsi_launched_report(void) {
  if (!is_launched || tsi_sandbox_is_silent() || tsi_tap_is_claimed() || !tsi_tap_is_own_process()) return;
  const char *quiet = tsi_environment("TRACKSHIM_QUIET"), *id = tsi_environment("TRACKSHIM_RUN_ID");
  const char *parent = strchr(tsi_environment("TRACKSHIM_LAUNCHED"), ' ');
  if (!is_set(id) || parent == NULL || (is_set(quiet) && strcmp(quiet, "0") != 0)) return;
  if (any_run(parent + 1, id) || any_run("/tmp", id)) return;
  static const char note[] =
      "trackshim: no line of the output was recognised as a metric, so there is no run "
      "(`trackshim check -` says why when it is given that output)\n";
  tsi_sys3(SYS_write, 2, note, sizeof note - 1);
}
