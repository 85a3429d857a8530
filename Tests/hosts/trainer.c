// A trainer to be watched from a server: trainer STEPS PAUSE_MS [EVENT@STEP[:VALUE]]...
// Prints a table, a step line every PAUSE_MS, validation, progress, stderr. Events: exit (VALUE: status), kill, abort,
// close (all descriptors from 3 on), fork (a child that prints), exec (VALUE: a command), idle (VALUE: ms),
// note (VALUE: text for stderr). With STAMPS in the environment the time stands before each step.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000L};
  while (nanosleep(&left, &left) != 0) {
  }
}

static void print_table(int steps) {
  const char *rule = "+-----------------------+----------------------------------------------------+\n";
  printf("%s| Parameter             | Value                                              |\n%s", rule, rule);
  printf("| max_steps             | %-50d |\n", steps);
  printf("| learning rate         | %-50e |\n", 0.0003);
  printf("| device                | %-50s |\n%s", "\"yes\": a GPU", rule);
}

static void print_stamp(int step) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  printf("stamp %d %lld.%09ld\n", step, (long long)now.tv_sec, now.tv_nsec);
}

static void print_step(int step, int steps) {
  double loss = 5.0 / (1.0 + step / 40.0);
  printf("step %4d/%d: train loss %f (%f ms, %d tok/s)\n", step, steps, loss, 1.0 + step % 7, 1000 + step);
  if (step % 50 == 0) printf("val loss %f (avg_train %f, gap %+f)\n", loss * 1.1, loss, loss * 0.1);
  if (step == steps / 2) printf("saving   0%%\rsaving  50%%\rsaving 100%%\n");
  if (step % 100 == 0) fprintf(stderr, "warning: step %d was slow\n", step);
}

static void fork_a_printer(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    printf("child: at work\nstep  900/900: train loss 9.900000 (1.000000 ms, 1000 tok/s)\n");
    exit(4);
  }
  waitpid(child, NULL, 0);
}

static void happen(const char *event, const char *value) {
  if (strcmp(event, "exit") == 0) exit(atoi(value));
  if (strcmp(event, "kill") == 0) fflush(stdout), kill(getpid(), SIGKILL);
  if (strcmp(event, "abort") == 0) abort();
  if (strcmp(event, "close") == 0) closefrom(3);
  if (strcmp(event, "fork") == 0) fork_a_printer();
  if (strcmp(event, "exec") == 0) fflush(stdout), execlp("sh", "sh", "-c", value, (char *)NULL);
  if (strcmp(event, "idle") == 0) sleep_ms(atol(value));
  if (strcmp(event, "note") == 0) fprintf(stderr, "%s\n", value);
}

static void let_events_happen(int step, char **argv) {
  for (char **word = argv + 3; *word; word++) {
    char event[16] = "", value[200] = "0";
    int at = -1;
    if (sscanf(*word, "%15[a-z]@%d:%199[^\n]", event, &at, value) >= 2 && at == step) happen(event, value);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  int steps = atoi(argv[1]);
  print_table(steps);
  for (int step = 1; step <= steps; step++) {
    if (getenv("STAMPS")) print_stamp(step);
    print_step(step, steps);
    let_events_happen(step, argv);
    sleep_ms(atol(argv[2]));
  }
  return 0;
}
