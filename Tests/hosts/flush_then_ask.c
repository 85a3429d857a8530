// What is known of the run when trackshim_flush returns, asked at once and many times: it must not come later.
#include <stdio.h>
#include <trackshim.h>

int main(void) {
  for (int step = 1; step <= 300; step++) {
    trackshim_log(step, "loss", 1.0 / step);
    trackshim_status flushed = trackshim_flush(10);
    trackshim_counters counters = {.size = sizeof counters};
    trackshim_get_counters(&counters);
    if (flushed == TRACKSHIM_OK && *trackshim_run_id() && counters.observations == (uint64_t)step) continue;
    printf("step %d: %s, run \"%s\", %d observations\n", step, trackshim_status_name(flushed), trackshim_run_id(),
           (int)counters.observations);
    return 1;
  }
  return 0;
}
