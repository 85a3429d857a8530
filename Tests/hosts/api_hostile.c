// Arguments that nobody should give, one line each with what came back. Everything that is refused must leave nothing.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trackshim.h>

static char *filled(size_t size) {
  char *text = malloc(size + 1);
  memset(text, 'k', size);
  text[size] = 0;
  return text;
}

static void say(const char *what, trackshim_status status) { printf("%s: %s\n", what, trackshim_status_name(status)); }

int main(void) {
  char *huge = filled(1 << 20), *longest = filled(TRACKSHIM_KEY_MAX), *longer = filled(TRACKSHIM_KEY_MAX + 1);
  char *text = filled(TRACKSHIM_TEXT_MAX), *longer_text = filled(TRACKSHIM_TEXT_MAX + 1);
  say("no key", trackshim_log(1, NULL, 1));
  say("an empty key", trackshim_log(1, "", 1));
  say("a key of a megabyte", trackshim_log(1, huge, 1));
  say("a key too long by one", trackshim_log(1, longer, 1));
  say("the longest key", trackshim_log(1, longest, 1));
  say("a key that is no UTF-8", trackshim_log(1, "a\xFF\xC3(", 2));
  say("the least step", trackshim_log(INT64_MIN, "k", 1));
  say("a step below the automatic one", trackshim_log(-2, "k", 1));
  say("the last step", trackshim_log(TRACKSHIM_STEP_MAX, "last", 1));
  say("a step behind the last", trackshim_log(TRACKSHIM_STEP_MAX + 1, "k", 1));
  say("no metrics", trackshim_log_row(2, NULL, 1));
  trackshim_metric bad[] = {{"good", 1}, {NULL, 2}};
  say("a row with one bad key", trackshim_log_row(2, bad, 2));
  say("more metrics than there can be", trackshim_log_row(2, bad, (size_t)-1));
  trackshim_metric *many = malloc(TRACKSHIM_ROW_MAX * sizeof *many);
  static char keys[TRACKSHIM_ROW_MAX][8];
  for (int i = 0; i < TRACKSHIM_ROW_MAX; i++) {
    snprintf(keys[i], sizeof keys[i], "m%d", i);
    many[i] = (trackshim_metric){keys[i], i};
  }
  say("the widest row, whose keys are too long together", trackshim_log_row(2, many, TRACKSHIM_ROW_MAX));
  say("a wide row", trackshim_log_row(2, many, 2000));
  say("no text", trackshim_text(NULL));
  say("the longest text", trackshim_text(text));
  say("a text too long by one", trackshim_text(longer_text));
  say("an empty text", trackshim_text(""));
  say("no value", trackshim_config_string("k", NULL));
  say("a value too long by one", trackshim_config_string("k", longer_text));
  say("the longest value", trackshim_config_string("long", text));
  say("no JSON", trackshim_config_json("k", "{\"a\": }"));
  say("JSON and more", trackshim_config_json("k", "1 2"));
  say("empty JSON", trackshim_summary_json("k", ""));
  say("a config value that is none", trackshim_config_double("nan", NAN));
  say("flags that are none", trackshim_define_metric("k", NULL, 1 << 20));
  say("two goals", trackshim_define_metric("k", NULL, TRACKSHIM_GOAL_MINIMIZE | TRACKSHIM_GOAL_MAXIMIZE));
  say("a star in the middle", trackshim_define_metric("a*b", NULL, 0));
  say("a summary of many", trackshim_define_metric("a*", NULL, TRACKSHIM_SUMMARY_MIN));
  say("an empty axis", trackshim_define_metric("k", "", 0));
  say("an alert of no title", trackshim_alert(NULL, "text", TRACKSHIM_ALERT_INFO, 0));
  say("an alert of an empty title", trackshim_alert("", NULL, TRACKSHIM_ALERT_INFO, 0));
  say("an alert of a title too long", trackshim_alert(longer, NULL, TRACKSHIM_ALERT_INFO, 0));
  say("an alert of a text too long", trackshim_alert("t", longer_text, TRACKSHIM_ALERT_INFO, 0));
  say("an alert of no level", trackshim_alert("t", NULL, (trackshim_alert_level)3, 0));
  say("an alert that waits for less than nothing", trackshim_alert("t", NULL, TRACKSHIM_ALERT_INFO, -1));
  say("an alert that waits for no time", trackshim_alert("t", NULL, TRACKSHIM_ALERT_INFO, NAN));
  say("the longest alert, and wait", trackshim_alert(longest, text, TRACKSHIM_ALERT_ERROR, INFINITY));
  say("no file", trackshim_save(NULL));
  say("a file without a name", trackshim_save(""));
  say("a folder", trackshim_save("ckpt/"));
  say("the root", trackshim_save("/"));
  say("the folder above", trackshim_save("a/.."));
  say("W&B's own config", trackshim_save("./config.yaml"));
  say("W&B's own summary", trackshim_save("wandb-summary.json"));
  say("a file whose name is too long", trackshim_save(text));
  say("a file whose name is no line", trackshim_save("a\nb"));
  trackshim_options options = TRACKSHIM_OPTIONS_INIT;
  options.size = 3;
  say("options of no size", trackshim_start(&options));
  options.size = sizeof options + 8;
  say("options of a later version", trackshim_start(&options));
  options.size = 2 * sizeof(size_t);
  options.project = "an earlier version's";
  say("options of an earlier version", trackshim_start(&options));
  options.size = sizeof options;
  options.mode = "Disabled";
  say("a mode that only the environment has", trackshim_start(&options));
  trackshim_counters counters;
  counters.size = 1;
  say("counters of no size", trackshim_get_counters(&counters));
  say("no counters", trackshim_get_counters(NULL));
  struct {
    trackshim_counters known;
    uint64_t more;
  } later = {.known.size = sizeof later, .more = 7};
  say("counters of a later version", trackshim_get_counters(&later.known));
  printf("what is not known is left: %d\n", later.more == 7);
  say("a flush without end", trackshim_flush(INFINITY));
  say("a flush that only asks", trackshim_flush(-1) == TRACKSHIM_INVALID ? TRACKSHIM_INVALID : TRACKSHIM_OK);
  say("a flush of no time", trackshim_flush(NAN));
  return 0;
}
