// Calls before main, behind the end, and in a forked child, where nothing may be recorded: they say so and do no harm.
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <trackshim.h>
#include <unistd.h>

static int called_from_elsewhere(void) {
  trackshim_metric row[] = {{"child", 1}};
  trackshim_counters counters = {.size = sizeof counters};
  return trackshim_log(1, "child", 1) == TRACKSHIM_INACTIVE && trackshim_log_row(1, row, 1) == TRACKSHIM_INACTIVE &&
         trackshim_config_int("child", 1) == TRACKSHIM_INACTIVE && trackshim_start(NULL) == TRACKSHIM_INACTIVE &&
         trackshim_summary_bool("child", 1) == TRACKSHIM_INACTIVE && trackshim_text("child") == TRACKSHIM_INACTIVE &&
         trackshim_define_metric("child", NULL, 0) == TRACKSHIM_INACTIVE && trackshim_flush(1) == TRACKSHIM_INACTIVE &&
         trackshim_finish(9) == TRACKSHIM_INACTIVE && trackshim_active() == 0 &&
         trackshim_get_counters(&counters) == TRACKSHIM_INACTIVE && strlen(trackshim_run_id()) > 0;
}

__attribute__((constructor)) static void early(void) { trackshim_config_bool("before main", 1); }

int main(void) {
  trackshim_log(1, "before", 1);
  trackshim_flush(20);
  pid_t child = fork();
  if (child == 0) _exit(called_from_elsewhere() ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  printf("the child: %d\n", status);
  printf("finish: %s\n", trackshim_status_name(trackshim_finish(0)));
  printf("behind it: %s\n", trackshim_status_name(trackshim_log(2, "behind", 2)));
  return status;
}
