// One request on its way. Every option that would make libcurl look at the environment, at a file of the user or at a
// signal is set, because getenv races with the host's setenv.
#define _GNU_SOURCE
#include "http_transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "include/ctrackshim.h"
#include "network.h"

enum {
  STALL_SECONDS = 120,     // without a byte in either direction
  SMALLEST_BUFFER = 16384, // that libcurl takes
  SMALL_BUFFER_RATE = 1 << 20,
};

// CURLOPT_QUICK_EXIT by its number, for the headers of libcurls before 7.87.
static const CURLoption option_quick_exit = CURLOPTTYPE_LONG + 322;

// ---- Options ----

#define TRY(option, value) (transfer->manners->curl->easy_setopt(transfer->easy, option, value) == CURLE_OK)

static bool set_manners(tsi_transfer *transfer) {
  const tsi_http_manners *manners = transfer->manners;
  // Not every libcurl knows these two, and both only make things better. Without the second an exchange that
  // is given up during a name lookup waits for that lookup's end.
  (void)TRY(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  (void)TRY(option_quick_exit, 1L);
  return TRY(CURLOPT_NOSIGNAL, 1L) && TRY(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) &&
         TRY(CURLOPT_FOLLOWLOCATION, 0L) && TRY(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
         TRY(CURLOPT_USERAGENT, manners->user_agent) && TRY(CURLOPT_ACCEPT_ENCODING, "gzip") &&
         TRY(CURLOPT_TCP_KEEPALIVE, 1L) && TRY(CURLOPT_LOW_SPEED_LIMIT, 1L) &&
         TRY(CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS) && TRY(CURLOPT_PROXY, manners->proxy) &&
         TRY(CURLOPT_NOPROXY, manners->no_proxy) && TRY(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
         // A signed address must arrive as it was signed.
         TRY(CURLOPT_PATH_AS_IS, 1L);
}

static const char *or_null(const char *text) { return text[0] ? text : NULL; }

// Certificates that were named replace libcurl's own, and are not added to them.
static bool set_trust(tsi_transfer *transfer) {
  const tsi_http_manners *manners = transfer->manners;
  long is_checked = manners->insecure ? 0 : 1;
  if (!TRY(CURLOPT_SSL_VERIFYPEER, is_checked) || !TRY(CURLOPT_SSL_VERIFYHOST, is_checked * 2)) return false;
  if (manners->insecure || (!manners->ca_file[0] && !manners->ca_path[0])) return true;
  return TRY(CURLOPT_CAINFO, or_null(manners->ca_file)) && TRY(CURLOPT_CAPATH, or_null(manners->ca_path));
}

// Everything with a body is an upload to libcurl: of all its ways this one adds no Content-Type.
static bool set_body(tsi_transfer *transfer, const tsi_http_request *request) {
  if (strcmp(request->method, "GET") == 0) return TRY(CURLOPT_HTTPGET, 1L);
  return TRY(CURLOPT_UPLOAD, 1L) && TRY(CURLOPT_CUSTOMREQUEST, request->method) &&
         TRY(CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_size) && TRY(CURLOPT_READFUNCTION, tsi_source_read) &&
         TRY(CURLOPT_READDATA, &transfer->source) && TRY(CURLOPT_SEEKFUNCTION, tsi_source_seek) &&
         TRY(CURLOPT_SEEKDATA, &transfer->source);
}

// libcurl sends a buffer at once and then pauses until the rate is kept again. With its usual 64 KiB a slow rate would
// come in bursts, with pauses that could pass for a stall.
static bool set_rate(tsi_transfer *transfer, int64_t rate) {
  if (rate <= 0) return true;
  if (rate < SMALL_BUFFER_RATE && !TRY(CURLOPT_UPLOAD_BUFFERSIZE, (long)SMALLEST_BUFFER)) return false;
  return TRY(CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)rate);
}

static bool set_request(tsi_transfer *transfer, const tsi_http_request *request) {
  return TRY(CURLOPT_URL, request->url) && TRY(CURLOPT_HTTPHEADER, transfer->headers) && set_body(transfer, request) &&
         set_rate(transfer, request->rate) && TRY(CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout) &&
         TRY(CURLOPT_TIMEOUT_MS, (long)request->timeout);
}

// libcurl's own choice for the first of these is the host's stdout.
static bool set_reply(tsi_transfer *transfer) {
  return TRY(CURLOPT_WRITEFUNCTION, tsi_reply_add) && TRY(CURLOPT_WRITEDATA, &transfer->reply) &&
         TRY(CURLOPT_HEADERFUNCTION, tsi_reply_header) && TRY(CURLOPT_HEADERDATA, &transfer->reply) &&
         TRY(CURLOPT_ERRORBUFFER, transfer->error);
}

static bool append_header(tsi_transfer *transfer, const char *line) {
  struct curl_slist *longer = transfer->manners->curl->slist_append(transfer->headers, line);
  if (longer != NULL) transfer->headers = longer;
  return longer != NULL;
}

// `Expect:` keeps libcurl from asking for a 100 Continue before a large body, which some servers never send.
static bool list_headers(tsi_transfer *transfer, const char *lines) {
  bool is_whole = append_header(transfer, "Expect:");
  for (; is_whole && lines != NULL && *lines; lines += strlen(lines) + 1) is_whole = append_header(transfer, lines);
  return is_whole;
}

static bool set_all(tsi_transfer *transfer, const tsi_http_request *request) {
  const tsi_curl *curl = transfer->manners->curl;
  if (transfer->easy == NULL) transfer->easy = curl->easy_init();
  if (transfer->easy == NULL) return false;
  curl->easy_reset(transfer->easy); // keeps connections and TLS sessions
  return list_headers(transfer, request->headers) && set_manners(transfer) && set_trust(transfer) &&
         set_request(transfer, request) && set_reply(transfer);
}

// ---- Beginning and end ----

void tsi_transfer_say(tsi_transfer *transfer, const char *error) {
  strncpy(transfer->error, error, sizeof transfer->error - 1);
}

// OpenSSL would wait for the other end of a FIFO, and with it whoever waits for us.
static bool has_usable_trust(tsi_transfer *transfer, const tsi_http_request *request) {
  const tsi_http_manners *manners = transfer->manners;
  if (manners->insecure || !manners->ca_file[0] || strncasecmp(request->url, "https:", 6) != 0) return true;
  if (!tsi_is_other_than_file(manners->ca_file)) return true;
  tsi_transfer_say(transfer, "the certificates to trust are not in a file, as was said");
  return false;
}

static bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM || error == EINTR; }

bool tsi_transfer_prepare(tsi_transfer *transfer, const tsi_http_request *request, tsi_http_response *response) {
  memset(transfer->error, 0, sizeof transfer->error);
  tsi_reply_clear(&transfer->reply);
  if (!has_usable_trust(transfer, request)) {
    response->certificate_problem = true;
  } else if (!tsi_source_open(&transfer->source, request)) {
    response->unsendable = !is_shortage(-transfer->source.fd);
    tsi_transfer_say(transfer, "the file to send cannot be opened");
  } else if (set_all(transfer, request)) {
    return true;
  } else {
    tsi_transfer_say(transfer, "libcurl does not take the request");
    tsi_transfer_finish(transfer);
  }
  return false;
}

void tsi_transfer_finish(tsi_transfer *transfer) {
  tsi_source_close(&transfer->source);
  // A handle that was left to a name lookup has kept the list.
  if (transfer->easy != NULL) transfer->manners->curl->slist_free_all(transfer->headers);
  transfer->headers = NULL;
}

void tsi_transfer_destroy(tsi_transfer *transfer) {
  if (transfer->easy != NULL) transfer->manners->curl->easy_cleanup(transfer->easy);
  free(transfer->reply.bytes);
}

// ---- What came of it ----

// libcurl repeats a proxy's address, with its password, in some of its texts.
static void keep_secrets(tsi_transfer *transfer, CURLcode result) {
  const char *proxy = transfer->manners->proxy;
  bool is_fit = transfer->error[0] != 0 && strchr(transfer->error, '@') == NULL;
  if (is_fit && proxy[0]) is_fit = strstr(transfer->error, proxy) == NULL;
  if (is_fit) return;
  tsi_transfer_say(transfer, transfer->manners->curl->easy_strerror(result));
}

// What will not be otherwise however often it is tried.
static bool is_hopeless(tsi_transfer *transfer, CURLcode result) {
  switch (result) {
    case CURLE_URL_MALFORMAT: return true;
    case CURLE_ABORTED_BY_CALLBACK: // only our source does that
      tsi_transfer_say(transfer, "the file to send cannot be read, or has become shorter");
      return true;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      if (!tsi_network_is_denied()) return false;
      tsi_transfer_say(transfer, "the system does not let this program use the network");
      return true;
    default: return false;
  }
}

void tsi_transfer_judge(tsi_transfer *transfer, tsi_http_response *response) {
  long status = 0;
  CURLcode result = transfer->result;
  transfer->manners->curl->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  // An interim reply is none yet.
  response->status = status >= 200 ? (int32_t)status : 0;
  response->cut = response->status != 0 && result != CURLE_OK;
  response->certificate_problem = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
  if (result != CURLE_OK)
    keep_secrets(transfer, result);
  else
    transfer->error[0] = 0;
  response->unsendable = response->status == 0 && is_hopeless(transfer, result);
}

void tsi_transfer_point(const tsi_transfer *transfer, tsi_http_response *response) {
  const tsi_reply *reply = &transfer->reply;
  response->error = transfer->error;
  response->body = reply->bytes == NULL ? (const uint8_t *)"" : reply->bytes;
  response->body_size = reply->size;
  response->retry_after = reply->retry_after;
  response->rate_limit_remaining = reply->rate_limit_remaining;
  response->rate_limit_reset = reply->rate_limit_reset;
}
