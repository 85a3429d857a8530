#include <limits.h>
#include <string.h>

#include "curl_library.h"
#include "include/ctrackshim_http.h"

// Generous: zlib's successors may need more than zlib says for itself.
size_t tsi_gzip_bound(size_t size) {
  size_t bound;
  return __builtin_add_overflow(size, size / 8 + 64, &bound) ? SIZE_MAX : bound;
}

int64_t tsi_gzip(const void *in, size_t size, void *out, size_t room) {
  const tsi_curl *library = tsi_curl_library();
  if (library == NULL || !library->deflate_init || !library->deflate || !library->deflate_end) return -1;
  if (size > UINT_MAX) return -1;
  if (room > UINT_MAX) room = UINT_MAX;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // Rows compress to a sixth with a third of the default level's time, and to a seventh with all of it.
  const int level = 2;
  // 16 more than the window's bits: gzip's header, which zlib fills with no time and no name.
  int failed = library->deflate_init(&stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                                     (int)sizeof stream);
  if (failed != Z_OK) return -1;
  stream.next_in = (Bytef *)in;
  stream.avail_in = (uInt)size;
  stream.next_out = out;
  stream.avail_out = (uInt)room;
  int end = library->deflate(&stream, Z_FINISH);
  library->deflate_end(&stream);
  return end == Z_STREAM_END ? (int64_t)(room - stream.avail_out) : -1;
}
