// One exchange after the other on one thread, through libcurl's multi interface: unlike the easy one it
// comes back to us every few milliseconds, so that an exchange can be given up at any time.
//
// Every option that would make libcurl look at the environment, at a file of the user or at a signal is set,
// because getenv races with the host's setenv.
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "curl_library.h"
#include "http_body.h"
#include "include/ctrackshim.h"
#include "network.h"

enum {
  WAIT_MS = 50,         // how late a stop may be seen, and the wake-ups while a reply is waited for
  STALL_SECONDS = 120,  // without a byte in either direction
  KEPT_CONNECTIONS = 4, // the API, and what it sends uploads to
};

// CURLOPT_QUICK_EXIT by its number, for the headers of libcurls before 7.87.
static const CURLoption option_quick_exit = CURLOPTTYPE_LONG + 322;
enum { QUICK_EXIT_CURL = 0x075700 };

struct tsi_http {
  const tsi_curl *curl;
  // Made by the first exchange: they belong to the file table of the thread that makes it.
  CURLM *multi;
  CURL *easy;
  char *ca_file, *ca_path, *proxy, *no_proxy, *user_agent;
  bool insecure;
  _Atomic bool stopped;
  _Atomic int64_t deadline;
  tsi_source source;
  tsi_reply reply;
  char error[CURL_ERROR_SIZE];
};

// ---- Life ----

static bool copy_text(char **into, const char *text) {
  *into = strdup(text == NULL ? "" : text);
  return *into != NULL;
}

tsi_http *tsi_http_create(const tsi_http_options *options) {
  const tsi_curl *curl = tsi_curl_library();
  tsi_http *http = curl == NULL ? NULL : calloc(1, sizeof *http);
  if (http == NULL) return NULL;
  http->curl = curl;
  http->insecure = options->insecure;
  if (copy_text(&http->ca_file, options->ca_file) && copy_text(&http->ca_path, options->ca_path) &&
      copy_text(&http->proxy, options->proxy) && copy_text(&http->no_proxy, options->no_proxy) &&
      copy_text(&http->user_agent, options->user_agent))
    return http;
  tsi_http_destroy(http);
  return NULL;
}

void tsi_http_destroy(tsi_http *http) {
  if (http == NULL) return;
  if (http->easy != NULL) http->curl->easy_cleanup(http->easy);
  if (http->multi != NULL) http->curl->multi_cleanup(http->multi);
  char *texts[] = {http->ca_file, http->ca_path, http->proxy, http->no_proxy, http->user_agent};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
  free(http->reply.bytes);
  free(http);
}

void tsi_http_stop(tsi_http *http) { atomic_store(&http->stopped, true); }
void tsi_http_set_deadline(tsi_http *http, int64_t monotonic) { atomic_store(&http->deadline, monotonic); }

// ---- Options ----

#define TRY(option, value) (http->curl->easy_setopt(http->easy, option, value) == CURLE_OK)

static bool set_manners(tsi_http *http) {
  // Not every libcurl knows these two, and both only make things better. Without the second an exchange that
  // is given up during a name lookup waits for that lookup's end.
  (void)TRY(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  (void)TRY(option_quick_exit, 1L);
  return TRY(CURLOPT_NOSIGNAL, 1L) && TRY(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) &&
         TRY(CURLOPT_FOLLOWLOCATION, 0L) && TRY(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
         TRY(CURLOPT_USERAGENT, http->user_agent) && TRY(CURLOPT_ACCEPT_ENCODING, "gzip") &&
         TRY(CURLOPT_TCP_KEEPALIVE, 1L) && TRY(CURLOPT_LOW_SPEED_LIMIT, 1L) &&
         TRY(CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS) && TRY(CURLOPT_PROXY, http->proxy) &&
         TRY(CURLOPT_NOPROXY, http->no_proxy) && TRY(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
         // A signed address must arrive as it was signed.
         TRY(CURLOPT_PATH_AS_IS, 1L);
}

static const char *or_null(const char *text) { return text[0] ? text : NULL; }

// Certificates that were named replace libcurl's own, and are not added to them.
static bool set_trust(tsi_http *http) {
  long is_checked = http->insecure ? 0 : 1;
  if (!TRY(CURLOPT_SSL_VERIFYPEER, is_checked) || !TRY(CURLOPT_SSL_VERIFYHOST, is_checked * 2)) return false;
  if (http->insecure || (!http->ca_file[0] && !http->ca_path[0])) return true;
  return TRY(CURLOPT_CAINFO, or_null(http->ca_file)) && TRY(CURLOPT_CAPATH, or_null(http->ca_path));
}

// Everything with a body is an upload to libcurl: of all its ways this one adds no Content-Type.
static bool set_body(tsi_http *http, const tsi_http_request *request) {
  if (strcmp(request->method, "GET") == 0) return TRY(CURLOPT_HTTPGET, 1L);
  return TRY(CURLOPT_UPLOAD, 1L) && TRY(CURLOPT_CUSTOMREQUEST, request->method) &&
         TRY(CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_size) && TRY(CURLOPT_READFUNCTION, tsi_source_read) &&
         TRY(CURLOPT_READDATA, &http->source) && TRY(CURLOPT_SEEKFUNCTION, tsi_source_seek) &&
         TRY(CURLOPT_SEEKDATA, &http->source);
}

static bool set_request(tsi_http *http, const tsi_http_request *request, struct curl_slist *headers) {
  return TRY(CURLOPT_URL, request->url) && TRY(CURLOPT_HTTPHEADER, headers) && set_body(http, request) &&
         TRY(CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout) &&
         TRY(CURLOPT_TIMEOUT_MS, (long)request->timeout);
}

// libcurl's own choice for the first of these is the host's stdout.
static bool set_reply(tsi_http *http) {
  return TRY(CURLOPT_WRITEFUNCTION, tsi_reply_add) && TRY(CURLOPT_WRITEDATA, &http->reply) &&
         TRY(CURLOPT_HEADERFUNCTION, tsi_reply_header) && TRY(CURLOPT_HEADERDATA, &http->reply) &&
         TRY(CURLOPT_ERRORBUFFER, http->error);
}

static bool append_header(tsi_http *http, struct curl_slist **headers, const char *line) {
  struct curl_slist *longer = http->curl->slist_append(*headers, line);
  if (longer != NULL) *headers = longer;
  return longer != NULL;
}

// `Expect:` keeps libcurl from asking for a 100 Continue before a large body, which some servers never send.
static bool list_headers(tsi_http *http, const char *lines, struct curl_slist **headers) {
  bool is_whole = append_header(http, headers, "Expect:");
  for (; is_whole && lines != NULL && *lines; lines += strlen(lines) + 1)
    is_whole = append_header(http, headers, lines);
  return is_whole;
}

// ---- The exchange ----

static int64_t left_until_deadline(const tsi_http *http) {
  int64_t deadline = atomic_load(&http->deadline);
  if (atomic_load(&http->stopped)) return 0;
  if (deadline == 0) return INT64_MAX;
  int64_t left, now = tsi_clock_monotonic();
  return __builtin_sub_overflow(deadline, now, &left) ? (deadline > now ? INT64_MAX : 0) : left;
}

static bool is_over(const tsi_http *http) { return left_until_deadline(http) <= 0; }

static int next_wait(const tsi_http *http) {
  int64_t milliseconds = left_until_deadline(http) / 1000000 + 1;
  return milliseconds < WAIT_MS ? (int)milliseconds : WAIT_MS;
}

// True when libcurl has come to an end; else the exchange was given up, or *failure says what does not work.
static bool run_to_end(tsi_http *http, CURLMcode *failure) {
  int running = 1;
  while (!is_over(http)) {
    *failure = http->curl->multi_perform(http->multi, &running);
    if (*failure != CURLM_OK) return false;
    if (running == 0) return true;
    *failure = http->curl->multi_poll(http->multi, NULL, 0, next_wait(http), NULL);
    if (*failure != CURLM_OK) return false;
  }
  return false;
}

static CURLcode result_of(tsi_http *http) {
  int left = 0;
  CURLMsg *message = http->curl->multi_info_read(http->multi, &left);
  return message != NULL && message->msg == CURLMSG_DONE ? message->data.result : CURLE_RECV_ERROR;
}

static void set_error(tsi_http *http, const char *text) { strncpy(http->error, text, sizeof http->error - 1); }

// libcurl repeats a proxy's address, with its password, in some of its texts.
static void keep_secrets(tsi_http *http, CURLcode result) {
  bool is_fit = http->error[0] != 0 && strchr(http->error, '@') == NULL;
  if (is_fit && http->proxy[0]) is_fit = strstr(http->error, http->proxy) == NULL;
  if (is_fit) return;
  set_error(http, http->curl->easy_strerror(result));
}

// What will not be otherwise however often it is tried.
static bool is_hopeless(tsi_http *http, CURLcode result) {
  switch (result) {
    case CURLE_URL_MALFORMAT: return true;
    case CURLE_ABORTED_BY_CALLBACK: // only our source does that
      set_error(http, "the file to send cannot be read, or has become shorter");
      return true;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      if (!tsi_network_is_denied()) return false;
      set_error(http, "the system does not let this program use the network");
      return true;
    default: return false;
  }
}

static void judge(tsi_http *http, CURLcode result, tsi_http_response *response) {
  long status = 0;
  http->curl->easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
  // An interim reply is none yet.
  response->status = status >= 200 ? (int32_t)status : 0;
  response->cut = response->status != 0 && result != CURLE_OK;
  response->certificate_problem = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
  if (result != CURLE_OK)
    keep_secrets(http, result);
  else
    http->error[0] = 0;
  response->unsendable = response->status == 0 && is_hopeless(http, result);
}

// A libcurl before 7.87 waits for the name lookup's end when a transfer is taken from it, which may be half
// a minute: then the lookup keeps what it uses, and the next exchange begins anew.
static void give_up(tsi_http *http) {
  curl_off_t lookup_time = 0;
  http->curl->easy_getinfo(http->easy, CURLINFO_NAMELOOKUP_TIME_T, &lookup_time);
  if (http->curl->version >= QUICK_EXIT_CURL || lookup_time != 0) {
    http->curl->multi_remove_handle(http->multi, http->easy);
  } else {
    http->multi = NULL;
    http->easy = NULL;
  }
}

static void perform(tsi_http *http, tsi_http_response *response) {
  CURLMcode failure = http->curl->multi_add_handle(http->multi, http->easy);
  if (failure == CURLM_OK && run_to_end(http, &failure)) {
    judge(http, result_of(http), response);
    http->curl->multi_remove_handle(http->multi, http->easy);
    return;
  }
  response->cancelled = failure == CURLM_OK;
  if (failure != CURLM_OK) set_error(http, http->curl->multi_strerror(failure));
  give_up(http);
}

static bool make_handles(tsi_http *http) {
  if (http->multi == NULL) {
    http->multi = http->curl->multi_init();
    if (http->multi == NULL) return false;
    http->curl->multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
  }
  if (http->easy == NULL) http->easy = http->curl->easy_init();
  return http->easy != NULL;
}

static bool prepare(tsi_http *http, const tsi_http_request *request, struct curl_slist **headers) {
  if (!make_handles(http)) return false;
  http->curl->easy_reset(http->easy); // keeps connections and TLS sessions
  return list_headers(http, request->headers, headers) && set_manners(http) && set_trust(http) &&
         set_request(http, request, *headers) && set_reply(http);
}

static void point_at_reply(const tsi_http *http, tsi_http_response *response) {
  const tsi_reply *reply = &http->reply;
  response->error = http->error;
  response->body = reply->bytes == NULL ? (const uint8_t *)"" : reply->bytes;
  response->body_size = reply->size;
  response->retry_after = reply->retry_after;
  response->rate_limit_remaining = reply->rate_limit_remaining;
  response->rate_limit_reset = reply->rate_limit_reset;
}

// OpenSSL would wait for the other end of a FIFO, and with it whoever waits for us.
static bool has_usable_trust(tsi_http *http, const tsi_http_request *request) {
  if (http->insecure || !http->ca_file[0] || strncasecmp(request->url, "https:", 6) != 0) return true;
  if (!tsi_is_other_than_file(http->ca_file)) return true;
  set_error(http, "the certificates to trust are not in a file, as was said");
  return false;
}

static bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM || error == EINTR; }

void tsi_http_exchange(tsi_http *http, const tsi_http_request *request, tsi_http_response *response) {
  struct curl_slist *headers = NULL;
  memset(response, 0, sizeof *response);
  memset(http->error, 0, sizeof http->error);
  tsi_reply_clear(&http->reply);
  if (is_over(http)) {
    response->cancelled = true;
  } else if (!has_usable_trust(http, request)) {
    response->certificate_problem = true;
  } else if (!tsi_source_open(&http->source, request)) {
    response->unsendable = !is_shortage(-http->source.fd);
    set_error(http, "the file to send cannot be opened");
  } else {
    if (prepare(http, request, &headers))
      perform(http, response);
    else
      set_error(http, "libcurl does not take the request");
    tsi_source_close(&http->source);
    // Handles that were left to a name lookup have kept the list.
    if (http->easy != NULL) http->curl->slist_free_all(headers);
  }
  point_at_reply(http, response);
}
