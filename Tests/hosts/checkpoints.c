// A trainer that writes a checkpoint at each step, and one that it overwrites.
#include <stdio.h>
#include <unistd.h>

static void write_file(const char *path, const char *text, int times) {
  FILE *file = fopen(path, "w");
  for (int i = 0; file != NULL && i < times; i++) fputs(text, file);
  if (file != NULL) fclose(file);
}

int main(void) {
  char path[64];
  for (int step = 1; step <= 3; step++) {
    printf("step %d: train loss 1.5 (10.0 ms, 5 tok/s)\n", step);
    fflush(stdout);
    usleep(200000);
    snprintf(path, sizeof path, "ckpt/step%d.bin", step);
    write_file(path, "c", step);
    write_file("last.pt", step < 3 ? "not the last" : "last", 1);
    printf("checkpoint saved to %s\n", path);
  }
  return 0;
}
