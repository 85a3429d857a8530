// Prints a file's bytes as they are: prints_file FILE [SIGNAL]. With a signal it ends by it, after a while.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "metric.h"

int main(int argc, char **argv) {
  char bytes[4096];
  size_t size;
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) fwrite(bytes, 1, size, stdout);
  fclose(file);
  fflush(stdout);
  if (argc < 3) return 0;
  settle();
  return raise(atoi(argv[2]));
}
