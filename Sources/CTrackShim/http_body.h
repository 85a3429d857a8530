// Where libcurl takes a request's body from, and where it leaves the reply.
#ifndef TSI_HTTP_BODY_H
#define TSI_HTTP_BODY_H

#include <stdint.h>

#include "curl_library.h"
#include "include/ctrackshim_http.h"

typedef struct {
  const char *bytes;
  int fd; // negative: the bytes are in memory, or why the file is not to be had (-errno)
  size_t size, at;
} tsi_source;

// False when the file cannot be opened.
bool tsi_source_open(tsi_source *source, const tsi_http_request *request);
void tsi_source_close(tsi_source *source);
size_t tsi_source_read(char *into, size_t size, size_t count, void *source);
int tsi_source_seek(void *source, curl_off_t offset, int origin);

enum { TSI_HEADER_BYTES = 64 };

typedef struct {
  uint8_t *bytes;
  size_t size, room;
  char retry_after[TSI_HEADER_BYTES];
  char rate_limit_remaining[TSI_HEADER_BYTES];
  char rate_limit_reset[TSI_HEADER_BYTES];
} tsi_reply;

// For the next exchange. Gives back what an unusually large reply has taken.
void tsi_reply_clear(tsi_reply *reply);
size_t tsi_reply_add(char *bytes, size_t size, size_t count, void *reply);
size_t tsi_reply_header(char *line, size_t size, size_t count, void *reply);

#endif
