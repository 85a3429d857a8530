// One request on its way, and what comes back.
#ifndef TSI_HTTP_TRANSFER_H
#define TSI_HTTP_TRANSFER_H

#include "http_body.h"

// What all requests of one tsi_http have in common.
typedef struct {
  const tsi_curl *curl;
  char *ca_file, *ca_path, *proxy, *no_proxy, *user_agent;
  bool insecure;
} tsi_http_manners;

typedef struct {
  const tsi_http_manners *manners;
  CURL *easy; // NULL before the first request; it is used again
  struct curl_slist *headers;
  tsi_source source;
  tsi_reply reply;
  bool is_under_way;
  CURLcode result; // once it is not any more
  char error[CURL_ERROR_SIZE];
} tsi_transfer;

// Makes it ready to be given to libcurl. False: the response says why that cannot be.
bool tsi_transfer_prepare(tsi_transfer *transfer, const tsi_http_request *request, tsi_http_response *response);
// What libcurl made of it.
void tsi_transfer_judge(tsi_transfer *transfer, tsi_http_response *response);
void tsi_transfer_say(tsi_transfer *transfer, const char *error);
// Fills in what the response points to.
void tsi_transfer_point(const tsi_transfer *transfer, tsi_http_response *response);
// Gives back what it held for this request.
void tsi_transfer_finish(tsi_transfer *transfer);
void tsi_transfer_destroy(tsi_transfer *transfer);

#endif
