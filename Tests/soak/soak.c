// A program that prints as a real run does, for as long as it is told: soak SECONDS STEPS_PER_SECOND
//
// Steps from the main thread; validation, samples of generated text, progress bars, long lines; threads that print
// beside it, and threads, forks and spawned programs that come and go. At each full second of the clock it makes its
// memory larger or smaller, so that two of these programs do the same at the same time and can be compared.
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TALKERS = 3, MEGABYTE = 1 << 20 };
extern char **environ;
static atomic_bool is_over;

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void sleep_until(double moment) {
  double left = moment - now(CLOCK_MONOTONIC);
  if (left <= 0) return;
  struct timespec pause = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
  nanosleep(&pause, NULL);
}

static void print_table(void) {
  const char *rule = "+-----------------------+----------------------------------------------------+\n";
  printf("%s| Parameter             | Value                                              |\n%s", rule, rule);
  printf("| max_steps             | %-50d |\n| learning rate         | %-50e |\n%s", 1, 0.0003, rule);
}

static void print_step(long step) {
  double loss = 5.0 / (1.0 + (double)step / 4000.0);
  printf("step %4ld/999999999: train loss %f (%f ms, %ld tok/s)\n", step, loss, 1.0 + (double)(step % 7),
         1000 + step % 999);
  if (step % 500 == 0) printf("val loss %f (avg_train %f, gap %+f)\n", loss * 1.1, loss, loss * 0.1);
  if (step % 1000 == 0) fprintf(stderr, "warning: step %ld was slow\n", step);
}

static void print_sample(long step) {
  printf("generating:\n---\n");
  for (int line = 0; line < 10; line++)
    printf("sample %ld of \xc3\xa4ll that is n\xc3\xb6t a metric, line %d\n", step, line);
  printf("---\n");
}

static void print_long_line(long step) {
  static char text[60000];
  size_t size = 1000 + (size_t)step * 7919 % 58000;
  memset(text, 'a' + (int)(step / 1000 % 26), size);
  printf("long %ld %.*s\n", step, (int)size, text);
}

static void print_progress(void) {
  for (int percent = 0; percent <= 100; percent += 10) printf("saving %3d%%\r", percent);
  printf("saving done\n");
}

static void *talk(void *number) {
  for (long line = 1; !is_over; line++) {
    printf("talker %ld says line %ld\n", (long)number, line);
    if (line % 50 == 0) fprintf(stderr, "talker %ld warns in line %ld\n", (long)number, line);
    sleep_until(now(CLOCK_MONOTONIC) + 0.03);
  }
  return NULL;
}

static void *say_once(void *number) {
  printf("visitor %ld was here\n", (long)number);
  return NULL;
}

static void start_children(void) {
  char *const words[] = {"true", NULL};
  pid_t spawned, child;
  fflush(stdout);
  if ((child = fork()) == 0) {
    // Not through stdio: a talker may have held its lock.
    static const char text[] = "child: step  900/900: train loss 9.900000 (1.000000 ms, 1000 tok/s)\n";
    _exit(write(1, text, sizeof text - 1) < 0);
  }
  waitpid(child, NULL, 0);
  if (posix_spawn(&spawned, "/bin/true", NULL, NULL, words, environ) == 0) waitpid(spawned, NULL, 0);
}

// Up to 32 MiB in one piece and up to 6 MiB in many.
static void resize(long second) {
  static char *block;
  static size_t size;
  static char *pieces[600];
  if (block != NULL) munmap(block, size);
  size = (size_t)(1 + second * 7 % 32) * MEGABYTE;
  block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block != MAP_FAILED) memset(block, 1, size);
  for (int i = 0; i < 600; i++) {
    pieces[i] = realloc(pieces[i], 1000 + (size_t)((second * 31 + i * 17) % 9000));
    if (pieces[i] != NULL) memset(pieces[i], 2, 1000);
  }
}

static void visit(long second) {
  pthread_t visitor;
  if (pthread_create(&visitor, NULL, say_once, (void *)second) == 0) pthread_join(visitor, NULL);
}

static void each_second(long second, long step) {
  resize(second);
  if (second % 2 == 0) visit(second);
  if (second % 3 == 0) start_children();
  if (second % 4 == 0) print_sample(step);
  if (second % 5 == 0) print_long_line(step);
  if (second % 7 == 0) print_progress();
}

int main(int argc, char **argv) {
  if (argc < 3) return 99;
  double began = now(CLOCK_MONOTONIC), rate = atof(argv[2]);
  pthread_t talkers[TALKERS];
  print_table();
  for (long i = 0; i < TALKERS; i++) pthread_create(&talkers[i], NULL, talk, (void *)i);
  long last_second = 0;
  for (long step = 1; now(CLOCK_MONOTONIC) - began < atof(argv[1]); step++) {
    print_step(step);
    long second = (long)now(CLOCK_REALTIME);
    if (second != last_second) each_second(last_second = second, step);
    sleep_until(began + (double)step / rate);
  }
  is_over = true;
  for (int i = 0; i < TALKERS; i++) pthread_join(talkers[i], NULL);
  return 0;
}
