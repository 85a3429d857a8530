// Sixteen threads log as fast as they can, rows and single values, while the main thread prints. Each says how many of
// its calls were taken.
#include <pthread.h>
#include <stdio.h>
#include <trackshim.h>

enum { THREADS = 16, CALLS = 2000 };
static int taken[THREADS];

static void *logs(void *argument) {
  int number = (int)(long)argument;
  char key[16], other[16];
  snprintf(key, sizeof key, "k%d", number);
  snprintf(other, sizeof other, "o%d", number);
  for (int call = 0; call < CALLS; call++) {
    trackshim_metric row[] = {{key, call}, {other, -call}};
    int64_t step = (int64_t)call * THREADS + number;
    taken[number] += (call % 2 ? trackshim_log_row(step, row, 2) : trackshim_log(step, key, call)) == TRACKSHIM_OK;
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, logs, (void *)i);
  for (int i = 0; i < 200; i++) printf("line %d\n", i);
  int all = 0;
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    all += taken[i];
  }
  trackshim_summary_int("taken", all);
  return 0;
}
