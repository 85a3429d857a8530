// Prints through stdio and past it, in turns. Lines of stdio say so.
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void say(const char *text) {
  if (write(1, text, strlen(text)) < 0) return;
}

int main(void) {
  printf("first by printf\n");
  fflush(stdout);
  say("then by write\n");
  dprintf(1, STEP_FORMAT, 1, 4.5, 1.0, 1000);
  for (int i = 0; i < 100; i++) printf("line %d by printf, that fills the buffer sooner or later\n", i);
  fflush(stdout);
  settle();
  say(STEP(2));
  printf("the end by printf\n");
  return 0;
}
