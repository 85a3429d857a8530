// Logs, flushes, and dies without a word.
#include <signal.h>
#include <stdio.h>
#include <trackshim.h>

int main(void) {
  trackshim_config_int("layers", 12);
  trackshim_define_metric("low", NULL, TRACKSHIM_SUMMARY_MIN);
  trackshim_define_metric("early", NULL, TRACKSHIM_SUMMARY_FIRST);
  trackshim_define_metric("usual", NULL, TRACKSHIM_SUMMARY_MEAN);
  for (int step = 1; step <= 2; step++) {
    trackshim_log(step, "loss", 0.5 / step);
    trackshim_log(step, "low", step);
    trackshim_log(step, "early", 6 + step);
    trackshim_log(step, "usual", step);
  }
  trackshim_summary_string("state", "half way");
  puts("printed and not flushed");
  if (trackshim_flush(20) != TRACKSHIM_OK) return 1;
  raise(SIGKILL);
  return 2;
}
