// Becomes another program, unflushed text is lost; a failed exec before it must change nothing.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "metric.h"

int main(void) {
  printf(STEP(1));
  int result = execl("/nowhere/program", "program", (char *)NULL);
  printf("exec %d errno is ENOENT: %d\n", result, errno == ENOENT);
  fflush(stdout);
  printf("lost with the old image\n");
  execlp("echo", "echo", "child: the new image", (char *)NULL);
  return 3;
}
