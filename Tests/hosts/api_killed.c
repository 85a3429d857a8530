// Logs, flushes, and dies without a word.
#include <signal.h>
#include <stdio.h>
#include <trackshim.h>

int main(void) {
  trackshim_config_int("layers", 12);
  trackshim_log(1, "loss", 0.5);
  trackshim_log(2, "loss", 0.25);
  trackshim_summary_string("state", "half way");
  puts("printed and not flushed");
  if (trackshim_flush(20) != TRACKSHIM_OK) return 1;
  raise(SIGKILL);
  return 2;
}
