// api_defines STEP VALUE...: defines a metric of each rule, one of them anew, and logs each value to all of them, from
// this step on.
#include <stdlib.h>
#include <trackshim.h>

static const char *const keys[] = {"last", "min", "max", "first", "mean"};
static const int rules[] = {TRACKSHIM_SUMMARY_LAST, TRACKSHIM_SUMMARY_MIN, TRACKSHIM_SUMMARY_MAX,
                            TRACKSHIM_SUMMARY_FIRST, TRACKSHIM_SUMMARY_MEAN};
enum { KEYS = sizeof keys / sizeof keys[0] };

int main(int argc, char **argv) {
  trackshim_define_metric("mean", NULL, TRACKSHIM_SUMMARY_MIN);
  for (int key = 0; key < KEYS; key++) trackshim_define_metric(keys[key], NULL, rules[key]);
  for (int word = 2; word < argc; word++) {
    trackshim_metric row[KEYS];
    for (int key = 0; key < KEYS; key++) row[key] = (trackshim_metric){keys[key], strtod(argv[word], NULL)};
    trackshim_log_row(atol(argv[1]) + word - 2, row, KEYS);
  }
  return 0;
}
