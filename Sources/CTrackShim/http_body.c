#define _GNU_SOURCE
#include "http_body.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "include/ctrackshim.h"

enum { LARGEST_REPLY = 16 << 20, USUAL_REPLY = 64 << 10 };

// ---- What is sent ----

bool tsi_source_open(tsi_source *source, const tsi_http_request *request) {
  *source = (tsi_source){.bytes = request->body, .fd = -1, .size = request->body_size};
  if (request->body_file == NULL) return source->bytes != NULL || source->size == 0;
  source->fd = request->body_may_be_link ? tsi_open_linked_in_run(request->body_file, request->body_folders)
                                         : tsi_open_in_run(request->body_file, request->body_folders, O_RDONLY, 0);
  return source->fd >= 0;
}

void tsi_source_close(tsi_source *source) {
  if (source->fd >= 0) tsi_close(source->fd);
}

// A file that has become shorter ends the exchange: the length is announced already.
size_t tsi_source_read(char *into, size_t size, size_t count, void *context) {
  tsi_source *source = context;
  size_t left = source->size - source->at, wanted = size * count;
  if (wanted > left) wanted = left;
  if (wanted == 0) return 0;
  if (source->fd >= 0) {
    int64_t got = tsi_pread(source->fd, into, wanted, (int64_t)source->at);
    if (got <= 0) return CURL_READFUNC_ABORT;
    wanted = (size_t)got;
  } else {
    memcpy(into, source->bytes + source->at, wanted);
  }
  source->at += wanted;
  return wanted;
}

// libcurl begins again when the connection it wanted to reuse turns out to be dead.
int tsi_source_seek(void *context, curl_off_t offset, int origin) {
  tsi_source *source = context;
  if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > source->size) return CURL_SEEKFUNC_FAIL;
  source->at = (size_t)offset;
  return CURL_SEEKFUNC_OK;
}

// ---- What comes back ----

static void forget_headers(tsi_reply *reply) {
  reply->retry_after[0] = reply->rate_limit_remaining[0] = reply->rate_limit_reset[0] = 0;
}

void tsi_reply_clear(tsi_reply *reply) {
  if (reply->room > USUAL_REPLY) {
    free(reply->bytes);
    reply->bytes = NULL;
    reply->room = 0;
  }
  reply->size = 0;
  forget_headers(reply);
}

static bool make_room(tsi_reply *reply, size_t wanted) {
  if (wanted <= reply->room) return true;
  size_t room = reply->room < USUAL_REPLY / 16 ? USUAL_REPLY / 16 : reply->room;
  while (room < wanted) room *= 2;
  uint8_t *bytes = realloc(reply->bytes, room);
  if (bytes == NULL) return false;
  reply->bytes = bytes;
  reply->room = room;
  return true;
}

// What does not fit ends the exchange, and the reply counts as cut.
size_t tsi_reply_add(char *bytes, size_t size, size_t count, void *context) {
  tsi_reply *reply = context;
  size_t more = size * count;
  bool is_too_much = more > LARGEST_REPLY - reply->size;
  if (is_too_much) more = LARGEST_REPLY - reply->size;
  if (more == 0 || !make_room(reply, reply->size + more)) return 0;
  memcpy(reply->bytes + reply->size, bytes, more);
  reply->size += more;
  return is_too_much ? 0 : more;
}

static bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

// The value of `line` if it is the header `name`; one that is too long is not kept.
static void keep_header(const char *line, size_t size, const char *name, char *into) {
  size_t at = strlen(name);
  if (size <= at || strncasecmp(line, name, at) != 0 || line[at] != ':') return;
  at++;
  while (at < size && is_blank(line[at])) at++;
  while (size > at && is_blank(line[size - 1])) size--;
  if (size - at >= TSI_HEADER_BYTES) return;
  memcpy(into, line + at, size - at);
  into[size - at] = 0;
}

// Also called for the headers of an interim reply (100 Continue): those of the last one count.
size_t tsi_reply_header(char *line, size_t size, size_t count, void *context) {
  tsi_reply *reply = context;
  size_t length = size * count;
  if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) forget_headers(reply);
  keep_header(line, length, "Retry-After", reply->retry_after);
  keep_header(line, length, "RateLimit-Remaining", reply->rate_limit_remaining);
  keep_header(line, length, "RateLimit-Reset", reply->rate_limit_reset);
  return length;
}
