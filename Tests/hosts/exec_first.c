// A launcher of an unknown name: the program behind it is the one to track.
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  printf("launcher: starting\n");
  fflush(stdout);
  if (argc > 1) execv(argv[1], argv + 1);
  return 3;
}
