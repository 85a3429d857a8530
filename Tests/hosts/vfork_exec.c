// vfork: until its exec the child runs in the parent's memory.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "metric.h"

static void echo(const char *path) {
  pid_t child = vfork();
  if (child == 0) {
    execl(path, "echo", "child: by vfork", (char *)NULL);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
  fflush(stdout);
}

int main(void) {
  printf(STEP(1));
  fflush(stdout);
  echo("/bin/echo");
  echo("/nowhere/echo");
  printf(STEP(2));
  return 0;
}
