// Loading libcurl into somebody else's program. It stays for the life of the process: neither
// curl_global_cleanup nor dlclose can know who else in the program uses it or OpenSSL.
#define _GNU_SOURCE
#include "curl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "host_malloc.h"
#include "include/ctrackshim_http.h"

// curl_multi_poll, which waits also while there is no descriptor to wait for, came with 7.66; 7.68 is the
// oldest that a distribution in use has.
enum { OLDEST_CURL = 0x074400 };
// OpenSSL's OPENSSL_INIT_NO_ATEXIT and OPENSSL_INIT_BASE_ONLY; its headers need not be there.
static const uint64_t init_without_atexit = 0x00080000, init_base_only = 0x00040000;

static tsi_curl library;
static bool is_loaded, is_tried, had_openssl;
static char why_not[200];

static const struct {
  const char *name;
  size_t offset;
} needed[] = {
    {"curl_version_info", offsetof(tsi_curl, version_info)},
    {"curl_global_init", offsetof(tsi_curl, global_init)},
    {"curl_easy_init", offsetof(tsi_curl, easy_init)},
    {"curl_easy_reset", offsetof(tsi_curl, easy_reset)},
    {"curl_easy_cleanup", offsetof(tsi_curl, easy_cleanup)},
    {"curl_easy_setopt", offsetof(tsi_curl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(tsi_curl, easy_getinfo)},
    {"curl_easy_strerror", offsetof(tsi_curl, easy_strerror)},
    {"curl_slist_append", offsetof(tsi_curl, slist_append)},
    {"curl_slist_free_all", offsetof(tsi_curl, slist_free_all)},
    {"curl_multi_init", offsetof(tsi_curl, multi_init)},
    {"curl_multi_cleanup", offsetof(tsi_curl, multi_cleanup)},
    {"curl_multi_setopt", offsetof(tsi_curl, multi_setopt)},
    {"curl_multi_add_handle", offsetof(tsi_curl, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(tsi_curl, multi_remove_handle)},
    {"curl_multi_perform", offsetof(tsi_curl, multi_perform)},
    {"curl_multi_info_read", offsetof(tsi_curl, multi_info_read)},
    {"curl_multi_strerror", offsetof(tsi_curl, multi_strerror)},
};

#define GIVE_UP(...) (snprintf(why_not, sizeof why_not, __VA_ARGS__), false)

static bool find_functions(void *handle) {
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    void *found = dlsym(handle, needed[i].name);
    if (found == NULL) return GIVE_UP("libcurl.so.4 has no %s", needed[i].name);
    *(void **)((char *)&library + needed[i].offset) = found;
  }
  // Whether this one is there is what the version is asked for.
  library.multi_poll = (__typeof__(curl_multi_poll) *)dlsym(handle, "curl_multi_poll");
  library.deflate_init = (__typeof__(deflateInit2_) *)dlsym(handle, "deflateInit2_");
  library.deflate = (__typeof__(deflate) *)dlsym(handle, "deflate");
  library.deflate_end = (__typeof__(deflateEnd) *)dlsym(handle, "deflateEnd");
  return true;
}

static bool is_good_enough(void) {
  const curl_version_info_data *about = library.version_info(CURLVERSION_NOW);
  library.version = about->version_num;
  if (about->version_num < OLDEST_CURL || library.multi_poll == NULL)
    return GIVE_UP("libcurl %s is too old (7.68 or later)", about->version);
  if ((about->features & CURL_VERSION_SSL) == 0) return GIVE_UP("libcurl %s has no TLS", about->version);
  return true;
}

// A library that gives its names versions takes no other library's calls, whichever is found first.
static bool has_version(const char *name, const void *found) {
  static const char *const versions[] = {"OPENSSL_1_1_0",  "OPENSSL_3.0.0", "CURL_OPENSSL_3",
                                         "CURL_OPENSSL_4", "CURL_GNUTLS_3", "CURL_GNUTLS_4"};
  for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
    if (dlvsym(RTLD_DEFAULT, name, versions[i]) == found) return true;
  return false;
}

// A program may export an OpenSSL or libcurl that is linked into it (a static one, BoringSSL). The loader
// takes the program's symbols first, so libcurl would call into another version of its own libraries and crash.
static bool is_shadowed(void *handle) {
  static const char *const names[] = {"SSL_CTX_new", "EVP_DigestInit_ex", "OPENSSL_init_crypto", "curl_multi_init"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *own = dlsym(handle, names[i]), *first = dlsym(RTLD_DEFAULT, names[i]);
    if (own != NULL && first != NULL && first != own && !has_version(names[i], first)) return true;
  }
  return false;
}

static bool is_in_process(const char *name) {
  void *handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  if (handle != NULL) dlclose(handle);
  return handle != NULL;
}

// OpenSSL registers a cleanup with atexit, which would run on the host's thread under ours. Whoever is the
// first to initialise it decides. False when the host's has cleaned up already, which it cannot take back: libcurl
// would crash on it.
static bool keep_openssl_from_cleaning_up(void *handle) {
  int (*init)(uint64_t, const void *) = (int (*)(uint64_t, const void *))dlsym(handle, "OPENSSL_init_crypto");
  if (init == NULL) return true;
  if (!init(init_base_only, NULL)) return false;
  init(init_without_atexit, NULL);
  return true;
}

static bool load(void) {
  had_openssl = tsi_http_host_has_openssl();
  is_tried = true;
  const char *forbidden = tsi_host_malloc_forbids();
  if (forbidden != NULL) return GIVE_UP("%s", forbidden);
  void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return GIVE_UP("%s", dlerror());
  if (!find_functions(handle)) return false;
  if (is_shadowed(handle)) return GIVE_UP("the program has an OpenSSL or libcurl of its own in libcurl's way");
  if (!is_good_enough()) return false;
  if (!keep_openssl_from_cleaning_up(handle)) return GIVE_UP("the program ended, and its OpenSSL with it, too soon");
  if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return GIVE_UP("libcurl does not start");
  return true;
}

static void load_once(void) { is_loaded = load(); }

const tsi_curl *tsi_curl_library(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load_once);
  return is_loaded ? &library : NULL;
}

const char *tsi_http_load(void) { return tsi_curl_library() == NULL ? why_not : NULL; }

bool tsi_http_host_has_openssl(void) {
  return is_tried ? had_openssl : is_in_process("libcrypto.so.3") || is_in_process("libcrypto.so.1.1");
}
