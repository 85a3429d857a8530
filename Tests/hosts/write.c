// write(2) without stdio: a line in pieces, several lines in one call, an empty call.
#include <string.h>
#include <unistd.h>
#include "metric.h"

static void say(const char *text) {
  if (write(1, text, strlen(text)) < 0) return;
}

int main(void) {
  say(CONFIG_ROW STEP(1));
  say("step    2/3: train ");
  say("loss 4.250000 (1.000000");
  say(" ms, 1000 tok/s)\nand a line\n");
  say("");
  say(STEP(3));
  return 0;
}
