// printf and write on one descriptor: what counts is the order in which the kernel got it.
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void say(const char *text) {
  if (write(1, text, strlen(text)) < 0) return;
}

int main(void) {
  printf("first by printf\n");
  say("then by write\n" STEP(1));
  for (int i = 0; i < 100; i++) printf("printf %d: %s\n", i, "text that fills the buffer sooner or later");
  say("between two flushes\n");
  fflush(stdout);
  say(STEP(2));
  printf(STEP(3));
  return 0;
}
