// stdout is closed properly; later output fails, and its number goes to another file.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1) "before fclose\n");
  settle();
  fclose(stdout);
  settle();
  int file = open("own.bin", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  fprintf(stderr, "descriptor %d\n", file);
  if (write(file, "CHECKPOINT\n", 11) != 11) return 3;
  return 0;
}
