// libcurl does not say why a socket was not to be had, and of several addresses only how one failed. So it is
// asked here once more, with the calls themselves.
#define _GNU_SOURCE
#include "network.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "include/ctrackshim.h"
#include "rawio.h"

enum { DISCARD_PORT = 9 };

// To connect a datagram socket sends nothing, and this machine itself is behind no route.
static long attempt(const struct sockaddr *address, socklen_t size) {
  long fd = tsi_sys3(SYS_socket, address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  long failed = tsi_sys3(SYS_connect, fd, address, size);
  tsi_close((int)fd);
  return failed;
}

static bool is_denial(long result) { return result == -EPERM || result == -EACCES; }

bool tsi_network_is_denied(void) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(DISCARD_PORT)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(DISCARD_PORT)};
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  six.sin6_addr = in6addr_loopback;
  if (!is_denial(attempt((const struct sockaddr *)&four, sizeof four))) return false;
  long result = attempt((const struct sockaddr *)&six, sizeof six);
  return is_denial(result) || result == -EAFNOSUPPORT;
}
