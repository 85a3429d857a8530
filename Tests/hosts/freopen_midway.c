// freopen: the FILE stays, its descriptor is another file.
#include <stdio.h>
#include "metric.h"

int main(void) {
  printf(STEP(1) "still waiting in the buffer\n");
  settle();
  if (!freopen("log.txt", "w", stdout)) return 3;
  for (int i = 0; i < 100; i++) printf("elsewhere: line %d in the log file\n", i);
  settle();
  printf("elsewhere: the end\n");
  return 0;
}
