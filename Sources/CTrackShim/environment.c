// The settings as they stood when the library was loaded.
//
// The worker must not read `environ`: the host may change it at any time (setenv moves the array), and
// some hosts overwrite the strings themselves to set their title. So the constructor, while nothing else
// runs, copies the few names we care about; past KEPT_BYTES further ones are left out.
//
// The API key has a place of its own that no lookup by name reaches, so that no setting, note or record can
// come to hold it by mistake; only the login asks for it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "include/ctrackshim.h"
#include "rawio.h"

// Untouched pages of it cost nothing.
enum { KEPT_BYTES = 128 << 10, KEY_BYTES = 1 << 10 };

static char kept[KEPT_BYTES];
static size_t kept_size;
static bool is_cut;
static char start_directory[PATH_MAX];
static char api_key[KEY_BYTES];
static bool has_api_key;
static bool has_token_file;

static bool starts_with(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

static bool is_wanted(const char *entry) {
  // Names, or beginnings of names. As libcurl does it, HTTP_PROXY is not among them: in a CGI program it is what
  // the visitor says.
  static const char *const wanted[] = {
      "TRACKSHIM_",
      "WANDB_",
      "HOME=",
      "TMPDIR=",
      "USER=",
      "TZ=",
      "NETRC=",
      "CURL_CA_BUNDLE=",
      "SSL_CERT_FILE=",
      "SSL_CERT_DIR=",
      "REQUESTS_CA_BUNDLE=",
      "http_proxy=",
      "https_proxy=",
      "HTTPS_PROXY=",
      "all_proxy=",
      "ALL_PROXY=",
      "no_proxy=",
      "NO_PROXY=",
      "RANK=",
      "OMPI_COMM_WORLD_RANK=",
      "PMI_RANK=",
      "PMIX_RANK=",
      "PMIX_NAMESPACE=",
      "PBS_JOBID=",
      "PBS_JOBNAME=",
      "PBS_QUEUE=",
      "LSB_JOBID=",
      "LSB_JOBNAME=",
      "LSB_QUEUE=",
      "KUBERNETES_SERVICE_HOST=",
      "POD_NAME=",
      "POD_NAMESPACE=",
      "NODE_NAME=",
      "TORCHELASTIC_RUN_ID=",
      "MASTER_ADDR=",
      "MASTER_PORT=",
      "SLURM_PROCID=",
      "SLURM_CLUSTER_NAME=",
      "SLURM_STEP_ID=",
      "SLURM_JOB_ID=",
      "SLURM_JOB_NAME=",
      "SLURM_JOB_NODELIST=",
      "SLURM_JOB_PARTITION=",
      "SLURM_JOB_NUM_NODES=",
      "SLURM_NTASKS=",
      "SLURM_CPUS_PER_TASK=",
      "SLURM_ARRAY_JOB_ID=",
      "SLURM_ARRAY_TASK_ID=",
      "SLURM_RESTART_COUNT=",
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (starts_with(entry, wanted[i])) return true;
  return false;
}

// As with getenv the first of two counts, and an empty one is none. One that is too long is there, but empty.
static void keep_api_key(const char *value) {
  if (has_api_key || *value == 0) return;
  has_api_key = true;
  size_t size = strlen(value) + 1;
  if (size <= sizeof api_key) memcpy(api_key, value, size);
}

// What says who the user is, and must not be among the settings.
static bool is_credential(const char *entry) {
  static const char *const key = "WANDB_API_KEY=", *const token_file = "WANDB_IDENTITY_TOKEN_FILE=";
  if (starts_with(entry, key)) {
    keep_api_key(entry + strlen(key));
    return true;
  }
  if (!starts_with(entry, token_file)) return false;
  has_token_file = has_token_file || entry[strlen(token_file)] != 0;
  return true;
}

void tsi_environment_capture(char **environment) {
  kept_size = 0;
  is_cut = has_api_key = has_token_file = false;
  memset(api_key, 0, sizeof api_key);
  for (char **entry = environment; entry != NULL && *entry != NULL; entry++) {
    if (is_credential(*entry) || !is_wanted(*entry)) continue;
    size_t size = strlen(*entry) + 1;
    if (size > KEPT_BYTES - kept_size) {
      is_cut = true;
      continue;
    }
    memcpy(kept + kept_size, *entry, size);
    kept_size += size;
  }
  // The system call, as the host may be in a directory that was removed: then the answer stays empty.
  if (tsi_sys2(SYS_getcwd, start_directory, sizeof start_directory) < 0) start_directory[0] = 0;
}

bool tsi_environment_is_cut(void) { return is_cut; }

const char *tsi_environment(const char *name) {
  size_t size = strlen(name);
  for (size_t at = 0; at < kept_size; at += strlen(kept + at) + 1)
    if (strncmp(kept + at, name, size) == 0 && kept[at + size] == '=') return kept + at + size + 1;
  return NULL;
}

const char *tsi_environment_key(void) { return has_api_key ? api_key : NULL; }

bool tsi_environment_has_token_file(void) { return has_token_file; }

const char *tsi_start_directory(void) { return start_directory[0] == '/' ? start_directory : ""; }

// ---- LD_PRELOAD -----------------------------------------------------------------------------------

static bool names_this_library(const char *path, size_t size) {
  static const char *const name = "libtrackshim.so";
  while (size > 0 && path[size - 1] == '/') size--;
  const char *end = path + size, *base = end;
  while (base > path && base[-1] != '/') base--;
  size_t length = (size_t)(end - base);
  // Also libtrackshim.so.0 and the like.
  return length >= strlen(name) && strncmp(base, name, strlen(name)) == 0;
}

// Copies the list without us; its separators are blanks and colons, as the loader's are.
static bool list_without_us(const char *list, char *into, size_t room) {
  size_t used = 0;
  bool found = false;
  while (*list != 0) {
    size_t size = strcspn(list, ": ");
    bool ours = size > 0 && names_this_library(list, size);
    found = found || ours;
    if (size > 0 && !ours) {
      if (used + size + 2 > room) return false;
      if (used > 0) into[used++] = ':';
      memcpy(into + used, list, size);
      used += size;
    }
    list += size;
    if (*list != 0) list++;
  }
  into[used] = 0;
  return found;
}

// setenv would take memory of the host's for it, on our thread; putenv puts our string itself there.
// bash brings its own unsetenv, which wins over libc's and does nothing for us; the next one after us is
// libc's, which also takes the lock that guards the array against the host's setenv in other threads.
static int (*next_unsetenv)(const char *);
static int (*next_putenv)(char *);

void tsi_environment_prepare(void) {
  next_unsetenv = (int (*)(const char *))dlsym(RTLD_NEXT, "unsetenv");
  next_putenv = (int (*)(char *))dlsym(RTLD_NEXT, "putenv");
}

void tsi_environment_release_preload(void) {
  static char entry_without_us[4096] = "LD_PRELOAD=";
  char *const remaining = entry_without_us + strlen("LD_PRELOAD=");
  extern char **environ;
  if (next_unsetenv == NULL || next_putenv == NULL) return;
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
    if (!starts_with(*entry, "LD_PRELOAD=")) continue;
    size_t room = (size_t)(entry_without_us + sizeof entry_without_us - remaining);
    if (!list_without_us(*entry + strlen("LD_PRELOAD="), remaining, room)) return;
    if (remaining[0] == 0)
      next_unsetenv("LD_PRELOAD");
    else
      next_putenv(entry_without_us);
    return;
  }
}
