// HTTP for the uploader and for `trackshim sync`, through the system's libcurl.
//
// libcurl is never linked: with its thirty libraries it would cost every program that we are preloaded into
// some 10 ms at its start. It is loaded when a run goes online, on the thread that then uses it.
//
// Threads: one tsi_http belongs to one thread, which makes the exchanges. tsi_http_stop and
// tsi_http_set_deadline may be called from any thread, also one of the host's: they only set a flag. (Waking
// libcurl would mean to write to a descriptor, and a descriptor of ours is another file, or none, in the
// host's table.)
#ifndef CTRACKSHIM_HTTP_H
#define CTRACKSHIM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tsi_http tsi_http;

typedef struct {
  const char *ca_file, *ca_path; // both NULL: the certificates that libcurl trusts by itself
  bool insecure;                 // do not check the server's certificate
  const char *proxy, *no_proxy;  // "" or NULL: none
  const char *user_agent;
} tsi_http_options;

typedef struct {
  const char *method, *url;
  const char *headers;      // lines `Name: value`, each ended by NUL; an empty one ends them
  const void *body;         // what is sent, with every method but GET
  const char *body_file;    // if not NULL it is sent instead
  int body_folders;         // the last so many folders of its path are the run's: none of them is a link
  bool body_may_be_link;    // the file itself may be one, of the user's, and leads out of the run's folder
  size_t body_size;         // of either
  uint32_t connect_timeout; // ms
  uint32_t timeout;         // ms, of all of it; 0: none but the stall's
  int64_t rate;             // bytes of the body a second, at most; 0: as fast as it goes
} tsi_http_request;

// The pointers are never NULL and hold until the next exchange or upload.
typedef struct {
  int32_t status;           // 0: no status line came
  bool cut;                 // a status came, but not the whole body, or more than the 16 MiB that are kept
  bool cancelled;           // by tsi_http_stop or the deadline
  bool unsendable;          // no retry can help: the address, the file to send, or the network is not to be had
  bool certificate_problem; // the server is not who it says, or the certificates to judge by cannot be read
  const char *error;        // "" when all went well; never holds a header or what identifies us to a proxy
  const uint8_t *body;
  size_t body_size;
  const char *retry_after, *rate_limit_remaining, *rate_limit_reset; // headers of the reply; "": not there
} tsi_http_response;

// NULL when libcurl is there and does, else why not. Loads it the first time, the answer stays.
const char *tsi_http_load(void);
// True when the program had OpenSSL before we loaded libcurl: then OpenSSL cleans up at exit() while our
// thread may be using it, which we prevent otherwise. Before tsi_http_load: whether it has it now.
bool tsi_http_host_has_openssl(void);

// NULL when libcurl is not there or memory is short. The options are copied.
tsi_http *tsi_http_create(const tsi_http_options *options);
void tsi_http_destroy(tsi_http *http);
// One request and its reply. Waits for it; redirects are not followed, as one could take the API key elsewhere.
void tsi_http_exchange(tsi_http *http, const tsi_http_request *request, tsi_http_response *response);

// Begins an upload that goes on beside the exchanges and in tsi_http_drive. There is one at a time: an earlier one is
// given up. False: the response says why not. Its body is a file; what else the request points to is copied.
bool tsi_http_start_upload(tsi_http *http, const tsi_http_request *request, tsi_http_response *response);
// Lets it go on for at most so many ms. False at once: none is under way.
bool tsi_http_drive(tsi_http *http, uint32_t milliseconds);
// False while it is under way. Once true the response says how it ended, and there is none any more.
bool tsi_http_upload_ended(tsi_http *http, tsi_http_response *response);
void tsi_http_end_upload(tsi_http *http);

// The exchange under way ends within 50 ms as cancelled, and all later ones at once.
void tsi_http_stop(tsi_http *http);
// The same from that time on (CLOCK_MONOTONIC, ns); 0: never.
void tsi_http_set_deadline(tsi_http *http, int64_t monotonic);

// Room that tsi_gzip needs at most.
size_t tsi_gzip_bound(size_t size);
// The compressed size; negative when libcurl came without zlib or the room was too small. The same bytes
// always give the same.
int64_t tsi_gzip(const void *in, size_t size, void *out, size_t room);

#endif
