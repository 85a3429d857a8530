// One dprintf of 6 MB, between two lines of a trainer.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "metric.h"

enum { SIZE = 6000000 };

int main(void) {
  char *text = malloc(SIZE + 1);
  if (text == NULL) return 3;
  memset(text, 'x', SIZE);
  for (int at = 79; at < SIZE; at += 80) text[at] = '\n';
  text[SIZE] = 0;
  dprintf(1, STEP(1));
  settle();
  int written = dprintf(1, "%s", text);
  settle();
  dprintf(1, STEP(2));
  free(text);
  return written != SIZE;
}
