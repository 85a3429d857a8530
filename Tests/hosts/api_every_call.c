// Calls every function of trackshim.h, with values that a wrong width, order or sign would spoil, and prints what comes
// back. The test knows what must be recorded of it.
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <trackshim.h>

static void say(const char *what, trackshim_status status) {
  printf("%s: %s, errno %d\n", what, trackshim_status_name(status), errno);
  errno = 77;
}

int main(void) {
  trackshim_options options = TRACKSHIM_OPTIONS_INIT;
  errno = 77;
  options.project = "from the program";
  options.name = "named by the program";
  options.group = "a group";
  options.job_type = "a job";
  options.notes = "notes \"quoted\"";
  options.tags = "one,two";
  say("start", trackshim_start(&options));
  say("config_int", trackshim_config_int("int", INT64_MIN + 1));
  say("config_double", trackshim_config_double("double", 0.1));
  say("config_bool", trackshim_config_bool("bool", 256));
  say("config_bool", trackshim_config_bool("no", 0));
  say("config_string", trackshim_config_string("string", "a \"text\"\nof two lines \xC3\xBC"));
  say("config_json", trackshim_config_json("json", "{\"layers\": [1, 2.5, null], \"on\": true}"));
  say("define_metric", trackshim_define_metric("loss", NULL, TRACKSHIM_SUMMARY_MIN | TRACKSHIM_GOAL_MINIMIZE));
  say("define_metric", trackshim_define_metric("val/*", "epoch", TRACKSHIM_SUMMARY_LAST));
  say("define_metric", trackshim_define_metric("first", NULL, TRACKSHIM_SUMMARY_FIRST | TRACKSHIM_HIDDEN));
  for (int64_t step = INT64_C(5000000000); step < INT64_C(5000000003); step++) {
    double far = (double)(step - INT64_C(5000000000));
    trackshim_metric row[] = {{"loss", far == 1 ? 0.25 : 4 + far}, {"val/acc", far / 4}, {"epoch", far}};
    say("log_row", trackshim_log_row(step, row, 3));
    say("log", trackshim_log(step, "first", 1.5 + far));
  }
  say("log", trackshim_log(INT64_C(5000000003), "nan", NAN));
  say("log", trackshim_log(INT64_C(5000000003), "infinite", -INFINITY));
  say("log", trackshim_log(TRACKSHIM_AUTO_STEP, "auto", 1));
  say("log", trackshim_log(TRACKSHIM_AUTO_STEP, "auto", 2));
  trackshim_metric autos[] = {{"auto", 3}, {"beside", 4}};
  say("log_row", trackshim_log_row(TRACKSHIM_AUTO_STEP, autos, 2));
  say("log_row", trackshim_log_row(TRACKSHIM_AUTO_STEP, NULL, 0));
  say("summary_int", trackshim_summary_int("s_int", INT64_MAX));
  say("summary_double", trackshim_summary_double("s_double", 2.5));
  say("summary_bool", trackshim_summary_bool("s_bool", -1));
  say("summary_string", trackshim_summary_string("s_string", "good"));
  say("summary_json", trackshim_summary_json("s_json", "[1, 2]"));
  say("text", trackshim_text("a line that nobody prints"));
  say("alert", trackshim_alert("an alert", "of \"two\"\nlines", TRACKSHIM_ALERT_WARN, 90.5));
  FILE *file = fopen("saved.txt", "w");
  fputs("what is saved\n", file);
  fclose(file);
  say("save", trackshim_save("./saved.txt"));
  say("flush", trackshim_flush(20));
  printf("active %d, stop requested %d, version %s\n", trackshim_active(), trackshim_stop_requested(),
         trackshim_version());
  trackshim_counters counters;
  counters.size = sizeof counters;
  say("get_counters", trackshim_get_counters(&counters));
  printf("observations %" PRIu64 ", rows %" PRIu64 ", dropped %" PRIu64 ", recorded %d, unsent %" PRIu64 "\n",
         counters.observations, counters.rows, counters.bytes_dropped, counters.bytes_recorded > 100,
         counters.bytes_unsent);
  printf("id %s\nname %s\nurl [%s]\ndir %s\nnote %s\n", trackshim_run_id(), trackshim_run_name(), trackshim_run_url(),
         trackshim_run_dir(), trackshim_last_note());
  say("finish", trackshim_finish(3));
  printf("%s %s %s\n", trackshim_status_name((trackshim_status)99), trackshim_status_name(TRACKSHIM_DROPPED),
         trackshim_status_name(TRACKSHIM_TIMEOUT));
  return 3;
}
