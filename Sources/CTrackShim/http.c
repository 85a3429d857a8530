// One exchange after the other on one thread, and an upload beside them, through libcurl's multi interface: unlike the
// easy one it comes back to us every few milliseconds, so that everything can be given up at any time.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "http_transfer.h"
#include "include/ctrackshim.h"

enum {
  WAIT_MS = 50,         // how late a stop may be seen, and the wake-ups while a reply is waited for
  KEPT_CONNECTIONS = 4, // the API, and what it sends uploads to
  QUICK_EXIT_CURL = 0x075700,
};

struct tsi_http {
  tsi_http_manners manners;
  // Made by the first exchange: it belongs to the file table of the thread that makes it.
  CURLM *multi;
  tsi_transfer exchange, upload;
  CURLMcode upload_failure;
  bool has_upload; // also one that has come to its end, until somebody asks
  _Atomic bool stopped;
  _Atomic int64_t deadline;
};

// ---- Life ----

static bool copy_text(char **into, const char *text) {
  *into = strdup(text == NULL ? "" : text);
  return *into != NULL;
}

static bool copy_manners(tsi_http_manners *into, const tsi_http_options *options) {
  into->insecure = options->insecure;
  return copy_text(&into->ca_file, options->ca_file) && copy_text(&into->ca_path, options->ca_path) &&
         copy_text(&into->proxy, options->proxy) && copy_text(&into->no_proxy, options->no_proxy) &&
         copy_text(&into->user_agent, options->user_agent);
}

tsi_http *tsi_http_create(const tsi_http_options *options) {
  const tsi_curl *curl = tsi_curl_library();
  tsi_http *http = curl == NULL ? NULL : calloc(1, sizeof *http);
  if (http == NULL) return NULL;
  http->manners.curl = curl;
  http->exchange.manners = http->upload.manners = &http->manners;
  if (copy_manners(&http->manners, options)) return http;
  tsi_http_destroy(http);
  return NULL;
}

void tsi_http_destroy(tsi_http *http) {
  if (http == NULL) return;
  tsi_http_end_upload(http);
  tsi_transfer_destroy(&http->exchange);
  tsi_transfer_destroy(&http->upload);
  if (http->multi != NULL) http->manners.curl->multi_cleanup(http->multi);
  tsi_http_manners *manners = &http->manners;
  char *texts[] = {manners->ca_file, manners->ca_path, manners->proxy, manners->no_proxy, manners->user_agent};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
  free(http);
}

void tsi_http_stop(tsi_http *http) { atomic_store(&http->stopped, true); }
void tsi_http_set_deadline(tsi_http *http, int64_t monotonic) { atomic_store(&http->deadline, monotonic); }

static int64_t left_until_deadline(const tsi_http *http) {
  int64_t deadline = atomic_load(&http->deadline);
  if (atomic_load(&http->stopped)) return 0;
  if (deadline == 0) return INT64_MAX;
  int64_t left, now = tsi_clock_monotonic();
  return __builtin_sub_overflow(deadline, now, &left) ? (deadline > now ? INT64_MAX : 0) : left;
}

static bool is_over(const tsi_http *http) { return left_until_deadline(http) <= 0; }

static int next_wait(const tsi_http *http, int most) {
  int64_t milliseconds = left_until_deadline(http) / 1000000 + 1;
  return milliseconds < most ? (int)milliseconds : most;
}

// ---- On the way ----

static void note_ends(tsi_http *http) {
  int left = 0;
  CURLMsg *message;
  while ((message = http->manners.curl->multi_info_read(http->multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    tsi_transfer *ended = message->easy_handle == http->upload.easy ? &http->upload : &http->exchange;
    ended->is_under_way = false;
    ended->result = message->data.result;
  }
}

// What has come is taken and what can be sent is sent; waits at most so long if that is nothing.
static CURLMcode go_on(tsi_http *http, const tsi_transfer *until, int milliseconds) {
  int running = 0;
  CURLMcode failure = http->manners.curl->multi_perform(http->multi, &running);
  if (failure == CURLM_OK) note_ends(http);
  if (failure != CURLM_OK || !until->is_under_way || milliseconds <= 0) return failure;
  return http->manners.curl->multi_poll(http->multi, NULL, 0, next_wait(http, milliseconds), NULL);
}

static bool start(tsi_http *http, tsi_transfer *transfer, const tsi_http_request *request,
                  tsi_http_response *response) {
  const tsi_curl *curl = http->manners.curl;
  if (!tsi_transfer_prepare(transfer, request, response)) return false;
  if (http->multi == NULL) {
    http->multi = curl->multi_init();
    if (http->multi != NULL) curl->multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
  }
  CURLMcode failure = http->multi == NULL ? CURLM_OUT_OF_MEMORY : curl->multi_add_handle(http->multi, transfer->easy);
  transfer->is_under_way = failure == CURLM_OK;
  if (failure == CURLM_OK) return true;
  tsi_transfer_say(transfer, curl->multi_strerror(failure));
  tsi_transfer_finish(transfer);
  return false;
}

// A libcurl before 7.87 waits for the name lookup's end when a transfer is taken from it, which may be half
// a minute: then the lookup keeps what it uses, and the next exchange begins anew.
static void give_up(tsi_http *http, tsi_transfer *transfer) {
  curl_off_t lookup_time = 0;
  http->manners.curl->easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &lookup_time);
  if (http->manners.curl->version >= QUICK_EXIT_CURL || lookup_time != 0) {
    http->manners.curl->multi_remove_handle(http->multi, transfer->easy);
  } else {
    http->multi = NULL;
    http->exchange.easy = http->upload.easy = NULL;
    http->exchange.is_under_way = http->upload.is_under_way = false;
  }
}

static void leave(tsi_http *http, tsi_transfer *transfer, CURLMcode failure, tsi_http_response *response) {
  if (!transfer->is_under_way) {
    tsi_transfer_judge(transfer, response);
    http->manners.curl->multi_remove_handle(http->multi, transfer->easy);
  } else {
    transfer->is_under_way = false;
    response->cancelled = failure == CURLM_OK;
    if (failure != CURLM_OK) tsi_transfer_say(transfer, http->manners.curl->multi_strerror(failure));
    give_up(http, transfer);
  }
  tsi_transfer_finish(transfer);
}

void tsi_http_exchange(tsi_http *http, const tsi_http_request *request, tsi_http_response *response) {
  tsi_transfer *transfer = &http->exchange;
  memset(response, 0, sizeof *response);
  if (is_over(http)) {
    response->cancelled = true;
  } else if (start(http, transfer, request, response)) {
    CURLMcode failure = CURLM_OK;
    while (failure == CURLM_OK && transfer->is_under_way && !is_over(http)) failure = go_on(http, transfer, WAIT_MS);
    leave(http, transfer, failure, response);
  }
  tsi_transfer_point(transfer, response);
}

// ---- The upload beside them ----

bool tsi_http_start_upload(tsi_http *http, const tsi_http_request *request, tsi_http_response *response) {
  tsi_http_end_upload(http);
  memset(response, 0, sizeof *response);
  response->cancelled = is_over(http);
  http->upload_failure = CURLM_OK;
  http->has_upload = !response->cancelled && start(http, &http->upload, request, response);
  tsi_transfer_point(&http->upload, response);
  return http->has_upload;
}

static void leave_upload(tsi_http *http, tsi_http_response *response) {
  http->has_upload = false;
  if (http->upload.easy != NULL) {
    leave(http, &http->upload, http->upload_failure, response);
    return;
  }
  tsi_transfer_say(&http->upload, "another request was given up, and this one with it");
  tsi_transfer_finish(&http->upload);
}

bool tsi_http_drive(tsi_http *http, uint32_t milliseconds) {
  if (!http->has_upload || !http->upload.is_under_way || is_over(http)) return false;
  http->upload_failure = go_on(http, &http->upload, milliseconds < WAIT_MS ? (int)milliseconds : WAIT_MS);
  return true;
}

bool tsi_http_upload_ended(tsi_http *http, tsi_http_response *response) {
  memset(response, 0, sizeof *response);
  if (tsi_http_drive(http, 0) && http->upload.is_under_way && http->upload_failure == CURLM_OK) return false;
  if (http->has_upload)
    leave_upload(http, response);
  else
    response->cancelled = true;
  tsi_transfer_point(&http->upload, response);
  return true;
}

void tsi_http_end_upload(tsi_http *http) {
  tsi_http_response unread = {0};
  if (http->has_upload) leave_upload(http, &unread);
}
