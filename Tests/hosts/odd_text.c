// Bytes that are no text: a NUL, broken UTF-8, carriage returns, backspaces, control characters.
#include <stdio.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  printf("broken \xe2\x80 and \xff\xfe here\n");
  printf("\xe4\xb8\x96\xe7\x95\x8c and \xf0\x9f\x98\x80\n");
  fwrite("a NUL \0 inside\n", 1, 15, stdout);
  printf("progress 10%%\rprogress 50%%\rprogress 100%%\n");
  printf("progress backspace\b\b\b\b\bwards\n");
  printf("with a carriage return\r\n");
  printf("tab\tbell\a\n");
  printf(STEP(2));
  return 0;
}
