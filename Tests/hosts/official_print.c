/* Prints a file to stdout as a trainer prints: through stdio, without flushing; then ends as told.
   official_print FILE [END [TEXT FOR STDERR]] - END: an exit status, "abort", "kill", "flush-kill"; "STATUS@FILE" ends
   when the file is there. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A flood of 7 MB in 0.1 s is more than the ring holds and would lose lines, as it may. This is
   still 5 MB/s, some 70,000 steps a second. */
enum { PAUSE_EVERY = 64 * 1000, PAUSE_US = 12 * 1000 };

static void print_file(const char *path) {
  char bytes[1000];
  size_t count;
  FILE *file = fopen(path, "rb");
  if (!file) exit(99);
  for (long total = 0; (count = fread(bytes, 1, sizeof bytes, file)) > 0; total += (long)count) {
    if (total > 0 && total % PAUSE_EVERY == 0) usleep(PAUSE_US);
    fwrite(bytes, 1, count, stdout);
  }
  fclose(file);
}

static void kill_when_recorded(void) {
  usleep(400 * 1000); /* what was printed 100 ms ago must be on disk; a loaded machine gets more */
  kill(getpid(), SIGKILL);
}

static void wait_for(const char *path) {
  for (int turn = 0; turn < 3000 && access(path, F_OK) != 0; turn++) usleep(10 * 1000);
}

int main(int argc, char **argv) {
  const char *end = argc > 2 ? argv[2] : "0";
  print_file(argv[1]);
  if (argc > 3) fputs(argv[3], stderr);
  if (strchr(end, '@')) fflush(stdout), wait_for(strchr(end, '@') + 1);
  if (strcmp(end, "flush-kill") == 0) fflush(stdout), kill_when_recorded();
  if (strcmp(end, "kill") == 0) kill_when_recorded();
  if (strcmp(end, "abort") == 0) fflush(stdout), abort();
  return atoi(end);
}
