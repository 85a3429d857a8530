// Names its run when a line that was printed has begun it, and once more.
#include <stdio.h>
#include <trackshim.h>

int main(void) {
  printf("step 1/2 | loss 0.5\n");
  trackshim_flush(20);
  trackshim_options options = TRACKSHIM_OPTIONS_INIT;
  options.name = "too late";
  trackshim_status status = trackshim_start(&options);
  trackshim_flush(20);
  printf("%s: %s\n", trackshim_status_name(status), trackshim_last_note());
  return 0;
}
