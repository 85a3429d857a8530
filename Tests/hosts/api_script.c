// Does what its words say, one after the other, so that a test can write down what happens when:
//   alert=TITLE=SECONDS  alerts=N (each of another title)  steps=N (a row each 10 ms)  write=PATH=BYTES=LETTER
//   save=PATH  remove=PATH  sleep=MS  flush  finish  kill  no-getcwd (from here on that is death)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <trackshim.h>
#include <unistd.h>

static void wait_ms(long ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }

static void say(const char *what, trackshim_status status) { printf("%s: %s\n", what, trackshim_status_name(status)); }

static void write_file(const char *path, long bytes, char letter) {
  static char block[1 << 16];
  memset(block, letter, sizeof block);
  FILE *file = fopen(path, "w");
  if (file == NULL) exit(1);
  for (; bytes > 0; bytes -= (long)sizeof block)
    fwrite(block, 1, bytes < (long)sizeof block ? (size_t)bytes : sizeof block, file);
  fclose(file);
}

static void raise_many(int count) {
  char title[32];
  for (int i = 0; i < count; i++) {
    snprintf(title, sizeof title, "alert %d", i);
    trackshim_alert(title, NULL, TRACKSHIM_ALERT_INFO, 0);
  }
}

static void log_rows(int count) {
  static int step;
  for (int end = step + count; step < end; wait_ms(10)) trackshim_log(++step, "loss", 1.0 / step);
}

static void forbid_getcwd(void) {
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getcwd, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof steps / sizeof *steps, steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) exit(77);
}

static void act(char *word) {
  char *verb = strtok(word, "="), *first = strtok(NULL, "="), *second = strtok(NULL, "="), *third = strtok(NULL, "=");
  if (strcmp(verb, "alert") == 0) say(first, trackshim_alert(first, "text", TRACKSHIM_ALERT_WARN, atof(second)));
  if (strcmp(verb, "alerts") == 0) raise_many(atoi(first));
  if (strcmp(verb, "steps") == 0) log_rows(atoi(first));
  if (strcmp(verb, "write") == 0) write_file(first, atol(second), third[0]);
  if (strcmp(verb, "save") == 0) say(first, trackshim_save(first));
  if (strcmp(verb, "extend") == 0 && truncate(first, atol(second)) != 0) exit(1);
  if (strcmp(verb, "remove") == 0) unlink(first);
  if (strcmp(verb, "sleep") == 0) wait_ms(atol(first));
  if (strcmp(verb, "flush") == 0) trackshim_flush(10);
  if (strcmp(verb, "finish") == 0) trackshim_finish(0);
  if (strcmp(verb, "no-getcwd") == 0) forbid_getcwd();
  if (strcmp(verb, "kill") == 0) raise(SIGKILL);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  trackshim_start(NULL);
  for (int i = 1; i < argc; i++) act(argv[i]);
  return 0;
}
