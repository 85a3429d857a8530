// Text that waits in the buffer at the fork is printed by both processes.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  setvbuf(stdout, NULL, _IOFBF, 4096);
  printf(STEP(1));
  printf("once in the program, twice on the screen\n");
  settle();
  pid_t child = fork();
  if (child == 0) return 0;
  waitpid(child, NULL, 0);
  printf(STEP(2));
  return 0;
}
