// One function call per byte; with -DUNLOCKED no call at all, the compiler stores into the buffer.
#include <stdio.h>
#include "metric.h"

#ifdef UNLOCKED
#define PUT putchar_unlocked
#else
#define PUT putchar
#endif

static void say(const char *text) {
  for (; *text; text++) PUT(*text);
}

int main(void) {
  say(CONFIG_ROW);
  say(STEP(1));
  for (int i = 0; i < 400; i++) say("twenty-five thousand bytes, one at a time, is the aim here\n");
  say(STEP(2));
  return 0;
}
