/*
 * trackshim.h - record a training run for Weights & Biases from C, C++ and CUDA.
 *
 * Most programs need none of this: preloaded (LD_PRELOAD=libtrackshim.so ./train) or linked
 * (-ltrackshim), the library recognises the metrics that a program prints. These calls add what it does
 * not print. Both go into one run, one row per step.
 *
 *     trackshim_config_double("learning_rate", 3e-4);        // the first call starts the run
 *     for (int64_t step = 1; step <= n; step++) {
 *       ...
 *       trackshim_log(step, "train_loss", loss);
 *     }
 *     trackshim_finish(0);                                   // optional: the end of the program does it
 *
 * What the program is promised:
 *   - Its output is the same byte for byte. Nothing here prints to standard output, exits or aborts.
 *   - No call waits, but for trackshim_flush and trackshim_finish, whose waits are bounded. The others copy what
 *     they are given into memory, well below a microsecond, and return; a thread of the library does the rest.
 *   - Results are advice: ignoring them does no harm.
 *   - Any thread may call at any time, also before main, also behind trackshim_finish.
 *   - Not from signal handlers.
 *   - A forked child records nothing: its calls return TRACKSHIM_INACTIVE.
 *   - errno is as it was before each call.
 *
 * Settings (project, name, where runs go, ...) come from the environment, see docs/environment.md, and from
 * trackshim_start. The program works the same where the library is switched off (TRACKSHIM_MODE=disabled).
 *
 * With
 *
 *     #define TRACKSHIM_OPTIONAL
 *     #include <trackshim.h>
 *
 * a program is linked without the library: every call does nothing and says TRACKSHIM_INACTIVE, until the library is
 * preloaded. That takes a position independent executable, which compilers make unless told -no-pie or -static.
 *
 * Text is UTF-8; what is none of it is recorded as U+FFFD. Everything is copied. NULL is no text: where text may be
 * left out this says so, elsewhere the call returns TRACKSHIM_INVALID.
 */
#ifndef TRACKSHIM_H
#define TRACKSHIM_H

#include <stddef.h>
#include <stdint.h>

#define TRACKSHIM_VERSION_MAJOR 0
#define TRACKSHIM_VERSION_MINOR 1
#define TRACKSHIM_VERSION_PATCH 0
#define TRACKSHIM_VERSION "0.1.0"

/* What a key may have, in bytes, without the 0 at its end. */
#define TRACKSHIM_KEY_MAX 1024
/* What any other text may have. */
#define TRACKSHIM_TEXT_MAX 60000
/* Metrics of one trackshim_log_row. */
#define TRACKSHIM_ROW_MAX 4096

#if defined TRACKSHIM_OPTIONAL && defined __GNUC__
#define TRACKSHIM_CALL __attribute__((weak))
#else
#define TRACKSHIM_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Results -------------------------------------------------------------------------------------------- */

typedef enum trackshim_status {
  /* Done, or taken over by the library's thread. */
  TRACKSHIM_OK = 0,
  /* Nothing is recorded in this process: it was switched off, it is a forked child, it is a program that is never
     tracked, or the recording has ended. Nothing is lost that could have been kept. */
  TRACKSHIM_INACTIVE = 1,
  /* An argument cannot be used; each call says which can. Nothing was recorded. */
  TRACKSHIM_INVALID = 2,
  /* The call's values were dropped, because they come faster than they are written. The run says how many. */
  TRACKSHIM_DROPPED = 3,
  /* The time was over before all was written. What is missing is kept in memory for recovery. */
  TRACKSHIM_TIMEOUT = 4
} trackshim_status;

/*
 * A result as text: "ok", "inactive", "invalid", "dropped", "timeout"; "unknown" for any other number. Static memory.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL const char *trackshim_status_name(trackshim_status status);

/* ---- The run -------------------------------------------------------------------------------------------- */

/*
 * What the environment may leave unsaid. Each is a text as the variable in its comment takes it (docs/environment.md),
 * or NULL for none. A variable that is set wins, so that a run can be named without compiling anew.
 *
 *     trackshim_options options = TRACKSHIM_OPTIONS_INIT;
 *     options.project = "grok";
 *     trackshim_start(&options);
 */
typedef struct trackshim_options {
  size_t size;          /* sizeof(trackshim_options) */
  const char *project;  /* TRACKSHIM_PROJECT */
  const char *entity;   /* TRACKSHIM_ENTITY */
  const char *name;     /* TRACKSHIM_NAME */
  const char *run_id;   /* TRACKSHIM_RUN_ID */
  const char *group;    /* TRACKSHIM_GROUP */
  const char *job_type; /* TRACKSHIM_JOB_TYPE */
  const char *notes;    /* TRACKSHIM_NOTES */
  const char *tags;     /* TRACKSHIM_TAGS: separated by commas */
  const char *resume;   /* TRACKSHIM_RESUME */
  const char *dir;      /* TRACKSHIM_DIR: parent of the `wandb` folder */
  const char *mode;     /* TRACKSHIM_MODE: "online" or "offline" */
  const char *streams;  /* TRACKSHIM_STREAMS: "none" leaves only the calls */
} trackshim_options;

#define TRACKSHIM_OPTIONS_INIT \
  { sizeof(trackshim_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/*
 * Starts the run now instead of at the first recognised line or the first other call. What was printed before belongs
 * to it.
 *
 * options  NULL: none. Once a run has started its options stand: other ones are not used, and a line on standard error
 *          says so.
 * Returns TRACKSHIM_OK, also when it has started before; _INVALID: options->size is none that this version knows, a
 * text is too long, or the mode is "disabled", which only the environment can say; _INACTIVE; _DROPPED. A text that
 * cannot be used (a project with a slash) is told on standard error, and the run starts without it.
 *
 * Waits for nothing: the run appears a few milliseconds later.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_start(const trackshim_options *options);

/*
 * Waits until everything that was logged and printed before the call is in the run's journal, where the death of the
 * program cannot take it any more. (The last step may still get more metrics: its row is made when it is over, or when
 * `trackshim show` or `trackshim sync` completes the run of a program that was killed.)
 *
 * seconds  the longest wait; 0 or less: only asks.
 * Returns TRACKSHIM_OK, _TIMEOUT (nothing is lost by that), _INACTIVE, _INVALID (NaN).
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_flush(double seconds);

/*
 * Brings the run to its end: everything logged and printed so far is in the journal when it returns, with
 * the exit code. Of an online run it is also on the server, unless that was late: then a line on stderr says so,
 * and sending goes on behind the program. What comes later is still recorded, and the end moves behind it.
 *
 * exit_code  0 for success; W&B calls a run with any other code failed.
 * Returns TRACKSHIM_OK, _INACTIVE, _TIMEOUT (after TRACKSHIM_EXIT_TIMEOUT, 10 s if unset).
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_finish(int exit_code);

/* ---- Metrics -------------------------------------------------------------------------------------------- */

/* Steps go from 0 to this, by the program's own counting. */
#define TRACKSHIM_STEP_MAX INT64_C(9007199254740992)
/* In place of a step: the row that is begun, or the next one where that has the metric already. */
#define TRACKSHIM_AUTO_STEP INT64_C(-1)

/*
 * Records one number at one step. Rows are merged by step: log several keys at the same step, and print
 * what you print, and it becomes one row. A step below the last one, and a key that its row has already, logged or
 * printed, is kept at the next free step, with the given one as the metric `step`.
 *
 * step   0 to TRACKSHIM_STEP_MAX, or TRACKSHIM_AUTO_STEP.
 * key    1 to TRACKSHIM_KEY_MAX bytes. W&B groups charts by what stands before a slash: "train/loss". Keys that begin
 *        with an underscore are W&B's own.
 * value  any double; NaN and the infinities are recorded as such.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID, _DROPPED.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_log(int64_t step, const char *key, double value);

typedef struct trackshim_metric {
  const char *key;
  double value;
} trackshim_metric;

/*
 * Records several numbers at one step: nothing that other threads log comes between them. With TRACKSHIM_AUTO_STEP each
 * call is a row of its own.
 *
 * metrics  `count` of them, each as for trackshim_log; NULL only with a count of 0, which records nothing. Of two with
 *          one key the second begins a new row.
 * count    0 to TRACKSHIM_ROW_MAX, and all keys together at most TRACKSHIM_TEXT_MAX bytes less 16 for each.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID (one of them: none is recorded), _DROPPED (all of them).
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_log_row(int64_t step, const trackshim_metric *metrics, size_t count);

/* What the run's summary keeps of a metric, and how W&B is to show it. */
typedef enum trackshim_metric_flags {
  TRACKSHIM_SUMMARY_LAST = 0, /* what W&B does by itself */
  TRACKSHIM_SUMMARY_MIN = 1,
  TRACKSHIM_SUMMARY_MAX = 2,
  TRACKSHIM_SUMMARY_FIRST = 3,
  TRACKSHIM_SUMMARY_MEAN = 4,   /* of the finite values of all rows */
  TRACKSHIM_GOAL_MINIMIZE = 16, /* less is better */
  TRACKSHIM_GOAL_MAXIMIZE = 32,
  TRACKSHIM_HIDDEN = 64 /* no chart is made of it by itself */
} trackshim_metric_flags;

/*
 * Says what a metric is, before its first value if it is to hold for all of them. In the summary a rule's name stands
 * between the key and the value, as W&B has it: "loss.min". NaN is neither the least nor the greatest nor a part of the
 * mean, but the value of a metric that has no other. The rules of a run that goes on (TRACKSHIM_RESUME) begin anew.
 * What TRACKSHIM_SUMMARY says of a metric counts before the flag.
 *
 * key       as for trackshim_log. "val/" followed by a star stands for all keys that begin with `val/`; then only
 *           step_key and TRACKSHIM_HIDDEN can be said.
 * step_key  the metric that charts of it have for their x axis; NULL: the step.
 * flags     at most one TRACKSHIM_SUMMARY_..., at most one TRACKSHIM_GOAL_..., TRACKSHIM_HIDDEN, joined by `|`.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID, _DROPPED.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_define_metric(const char *key, const char *step_key, int flags);

/* ---- Config: what the run was given -------------------------------------------------------------------- */

/*
 * Sets one item of the run's config; the last value of a key counts.
 *
 * key    1 to TRACKSHIM_KEY_MAX bytes.
 * value  _double: NaN and the infinities are recorded as such. _bool: 0 is false, all else true. _string: 0 to
 *        TRACKSHIM_TEXT_MAX bytes. _json: any JSON text (RFC 8259) of so many bytes, for lists and nested values.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID (also a JSON text that is none), _DROPPED.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_config_int(const char *key, int64_t value);
TRACKSHIM_CALL trackshim_status trackshim_config_double(const char *key, double value);
TRACKSHIM_CALL trackshim_status trackshim_config_bool(const char *key, int value);
TRACKSHIM_CALL trackshim_status trackshim_config_string(const char *key, const char *value);
TRACKSHIM_CALL trackshim_status trackshim_config_json(const char *key, const char *value);

/* ---- Summary: what came of it ---------------------------------------------------------------------------- */

/*
 * Sets one item of the run's summary, which has no step: a best value, a verdict. The last value of a key counts; one
 * that is logged later under the same key replaces it.
 *
 * Arguments and results are those of trackshim_config_...
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_summary_int(const char *key, int64_t value);
TRACKSHIM_CALL trackshim_status trackshim_summary_double(const char *key, double value);
TRACKSHIM_CALL trackshim_status trackshim_summary_bool(const char *key, int value);
TRACKSHIM_CALL trackshim_status trackshim_summary_string(const char *key, const char *value);
TRACKSHIM_CALL trackshim_status trackshim_summary_json(const char *key, const char *value);

/* ---- Console ---------------------------------------------------------------------------------------------- */

/*
 * Adds lines to the run's console log that the program does not print. They are read like those that it does: a metric
 * in them is one of the run's.
 *
 * text  0 to TRACKSHIM_TEXT_MAX bytes; a line end is added where it has none.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID, _DROPPED.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_text(const char *text);

/* ---- Alerts ------------------------------------------------------------------------------------------------- */

typedef enum trackshim_alert_level {
  TRACKSHIM_ALERT_INFO = 0,
  TRACKSHIM_ALERT_WARN = 1,
  TRACKSHIM_ALERT_ERROR = 2
} trackshim_alert_level;

/*
 * Has W&B tell the run's owner of something at once, by e-mail or Slack, as the settings of the account there say. The
 * alert of a run that is offline is sent by `trackshim sync`.
 *
 *     if (loss != loss) trackshim_alert("the loss is NaN", NULL, TRACKSHIM_ALERT_ERROR, 3600);
 *
 * title    1 to TRACKSHIM_KEY_MAX bytes; W&B asks for fewer than 64 characters.
 * text     0 to TRACKSHIM_TEXT_MAX bytes; NULL: none.
 * seconds  how long further alerts of this title are left out, so that a loop does not raise one at every step; 0: a
 *          minute. Of a run no more than 1,000 alerts are sent, nor a megabyte of them; standard error says so.
 * Returns TRACKSHIM_OK, also for one that is left out; _INACTIVE, _INVALID (also NaN and less than 0), _DROPPED.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_alert(const char *title, const char *text, trackshim_alert_level level,
                                                double seconds);

/* ---- Files ---------------------------------------------------------------------------------------------------- */

/*
 * Has a file go to the server with the run, as it is soon after the call: a checkpoint, once it is written and closed.
 * It is sent beside everything else, in the background; nothing is copied, the run's folder gets a link to it. Call
 * again when it was written again.
 * The call takes up to a microsecond, where it asks for the working directory, and some with `.` or `..` in the path.
 *
 * At the end of the program what is still on its way is waited for no longer than TRACKSHIM_EXIT_TIMEOUT allows; of
 * that and of a run that is offline `trackshim sync` sends the file, as it is then.
 *
 * path  of a file; 1 to 4095 bytes. One below the working directory (`ckpt/model.bin`) is called so on the server; of
 *       any other the last folder and the file's name are kept (`/data/run7/model.bin` becomes `run7/model.bin`). Of
 *       two files of one name there the later takes the place of the earlier, and standard error names both.
 * Returns TRACKSHIM_OK, _INACTIVE, _INVALID (also a folder's name, a name with control characters or a part of more
 * than 240 bytes, and names that W&B uses itself: config.yaml, output.log and those that begin with `wandb-`),
 * _DROPPED. That the file is not there is told on standard error. Of a run no more than 10,000 files are sent.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_save(const char *path);

/* ---- What is known of the run ------------------------------------------------------------------------------ */

/* 1 where the calls record something, 0 where they return TRACKSHIM_INACTIVE. Since: 0.1. */
TRACKSHIM_CALL int trackshim_active(void);

/*
 * The run's id, its name, the address of its page, and its folder. Empty while it is not known: before the run has
 * started (trackshim_start and a trackshim_flush make it known), the page of a run that is offline or not yet on the
 * server. Never NULL, and never freed or changed: of a run that gets another name the next call returns another text.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL const char *trackshim_run_id(void);
TRACKSHIM_CALL const char *trackshim_run_name(void);
TRACKSHIM_CALL const char *trackshim_run_url(void);
TRACKSHIM_CALL const char *trackshim_run_dir(void);

/*
 * 1 once somebody has pressed Stop on the run's page. A program that has asked this is not sent SIGINT for it, as
 * others are: it is expected to come to its end.
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL int trackshim_stop_requested(void);

typedef struct trackshim_counters {
  size_t size;             /* sizeof(trackshim_counters), set by the caller */
  uint64_t lines;          /* printed and read */
  uint64_t observations;   /* numbers recorded, from lines and from calls */
  uint64_t rows;           /* steps of the history */
  uint64_t bytes_dropped;  /* of output and calls, that came too fast */
  uint64_t bytes_queued;   /* waiting in memory for the library's thread */
  uint64_t bytes_recorded; /* of the journal, on disk */
  uint64_t bytes_unsent;   /* of the journal, that the server does not have; 0 for a run that is offline */
} trackshim_counters;

/*
 * How the recording is doing, as of the last look of the library's thread, about 20 ms ago.
 *
 * counters  counters->size must be set; what this version does not know of is left as it is.
 * Returns TRACKSHIM_OK, _INACTIVE (nothing is filled in), _INVALID (NULL, or a size that is none).
 *
 * Since: 0.1.
 */
TRACKSHIM_CALL trackshim_status trackshim_get_counters(trackshim_counters *counters);

/* The last line that the library had to say on standard error, without "trackshim: "; also where TRACKSHIM_QUIET kept
   it from being printed. Empty: none. Never NULL, and never freed or changed. Since: 0.1. */
TRACKSHIM_CALL const char *trackshim_last_note(void);

/* The version of the library that runs, as "0.1.0"; static memory. Since: 0.1. */
TRACKSHIM_CALL const char *trackshim_version(void);

#ifdef __cplusplus
}
#endif

/* ---- Without the library --------------------------------------------------------------------------------- */

#if defined TRACKSHIM_OPTIONAL && defined __GNUC__
/* The name of a macro is not replaced within it: each call asks whether the function is there. */
#define trackshim_status_name(...) (trackshim_status_name ? trackshim_status_name(__VA_ARGS__) : "")
#define trackshim_start(...) (trackshim_start ? trackshim_start(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_flush(...) (trackshim_flush ? trackshim_flush(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_finish(...) (trackshim_finish ? trackshim_finish(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_log(...) (trackshim_log ? trackshim_log(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_log_row(...) (trackshim_log_row ? trackshim_log_row(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_define_metric(...) \
  (trackshim_define_metric ? trackshim_define_metric(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_config_int(...) (trackshim_config_int ? trackshim_config_int(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_config_double(...) \
  (trackshim_config_double ? trackshim_config_double(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_config_bool(...) (trackshim_config_bool ? trackshim_config_bool(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_config_string(...) \
  (trackshim_config_string ? trackshim_config_string(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_config_json(...) (trackshim_config_json ? trackshim_config_json(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_summary_int(...) (trackshim_summary_int ? trackshim_summary_int(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_summary_double(...) \
  (trackshim_summary_double ? trackshim_summary_double(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_summary_bool(...) (trackshim_summary_bool ? trackshim_summary_bool(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_summary_string(...) \
  (trackshim_summary_string ? trackshim_summary_string(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_summary_json(...) (trackshim_summary_json ? trackshim_summary_json(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_text(...) (trackshim_text ? trackshim_text(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_alert(...) (trackshim_alert ? trackshim_alert(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_save(...) (trackshim_save ? trackshim_save(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_active() (trackshim_active ? trackshim_active() : 0)
#define trackshim_run_id() (trackshim_run_id ? trackshim_run_id() : "")
#define trackshim_run_name() (trackshim_run_name ? trackshim_run_name() : "")
#define trackshim_run_url() (trackshim_run_url ? trackshim_run_url() : "")
#define trackshim_run_dir() (trackshim_run_dir ? trackshim_run_dir() : "")
#define trackshim_stop_requested() (trackshim_stop_requested ? trackshim_stop_requested() : 0)
#define trackshim_get_counters(...) (trackshim_get_counters ? trackshim_get_counters(__VA_ARGS__) : TRACKSHIM_INACTIVE)
#define trackshim_last_note() (trackshim_last_note ? trackshim_last_note() : "")
#define trackshim_version() (trackshim_version ? trackshim_version() : "")
#endif

#endif
