// The functions of libcurl and zlib, as found in the process at run time.
#ifndef TSI_CURL_LIBRARY_H
#define TSI_CURL_LIBRARY_H

// The options that every supported libcurl knows are deprecated in newer headers. Its type checks are
// macros around the functions' names, which we do not call by.
#define CURL_DISABLE_DEPRECATION
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <zlib.h>

typedef struct {
  __typeof__(curl_version_info) *version_info;
  __typeof__(curl_global_init) *global_init;
  __typeof__(curl_easy_init) *easy_init;
  __typeof__(curl_easy_reset) *easy_reset;
  __typeof__(curl_easy_cleanup) *easy_cleanup;
  __typeof__(curl_easy_setopt) *easy_setopt;
  __typeof__(curl_easy_getinfo) *easy_getinfo;
  __typeof__(curl_easy_strerror) *easy_strerror;
  __typeof__(curl_slist_append) *slist_append;
  __typeof__(curl_slist_free_all) *slist_free_all;
  __typeof__(curl_multi_init) *multi_init;
  __typeof__(curl_multi_cleanup) *multi_cleanup;
  __typeof__(curl_multi_setopt) *multi_setopt;
  __typeof__(curl_multi_add_handle) *multi_add_handle;
  __typeof__(curl_multi_remove_handle) *multi_remove_handle;
  __typeof__(curl_multi_perform) *multi_perform;
  __typeof__(curl_multi_poll) *multi_poll;
  __typeof__(curl_multi_info_read) *multi_info_read;
  __typeof__(curl_multi_strerror) *multi_strerror;
  unsigned version; // 0x074400 is 7.68.0

  // NULL where libcurl was built without zlib.
  __typeof__(deflateInit2_) *deflate_init;
  __typeof__(deflate) *deflate;
  __typeof__(deflateEnd) *deflate_end;
} tsi_curl;

// NULL when tsi_http_load says why.
const tsi_curl *tsi_curl_library(void);

#endif
