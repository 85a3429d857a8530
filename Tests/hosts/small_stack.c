// A thread with the smallest stack there is prints by every kind of call.
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
#include "metric.h"

static void *printing(void *unused) {
  struct iovec pieces[] = {{"by ", 3}, {"writev\n", 7}};
  int file = open("own.txt", O_CREAT | O_RDWR, 0644);
  printf("by printf of %s %.6f\n", "a number", 4.5);
  fflush(stdout);
  if (write(1, "by write\n", 9) < 0 || writev(1, pieces, 2) < 0) fputs("no stdout\n", stderr);
  if (write(file, "by sendfile\n", 12) == 12) lseek(file, 0, SEEK_SET);
  fprintf(stderr, "sent %ld\n", (long)sendfile(1, file, NULL, 100));
  close(file);
  return unused;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  printf(STEP(1));
#ifndef FIRST
  fflush(stdout);
  settle();
#endif
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
  pthread_create(&thread, &attributes, printing, NULL);
  pthread_join(thread, NULL);
  printf(STEP(2));
  return 0;
}
