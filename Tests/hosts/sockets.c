// send and sendmsg on descriptor 1: errors on everything but a socket.
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "metric.h"

static void use(const char *when) {
  struct iovec piece = {"by sendmsg\n", 11};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
  errno = 0;
  long sent = send(1, "by send\n", 8, MSG_NOSIGNAL);
  fprintf(stderr, "%s: send %ld errno %d\n", when, sent, errno);
  errno = 0;
  sent = sendto(1, "by sendto\n", 10, MSG_NOSIGNAL, NULL, 0);
  fprintf(stderr, "%s: sendto %ld errno %d\n", when, sent, errno);
  errno = 0;
  sent = sendmsg(1, &message, MSG_NOSIGNAL);
  fprintf(stderr, "%s: sendmsg %ld errno %d\n", when, sent, errno);
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  use("as given");
  printf(STEP(2));
  return 0;
}
