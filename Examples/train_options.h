// The flags, and the table that is printed before training.
#ifndef TRAIN_OPTIONS_H
#define TRAIN_OPTIONS_H

#include <limits.h>
#include <stddef.h>

#include "train_model.h"

typedef struct {
  const char *model, *checkpoint, *train, *val, *test, *log;
  int checkpoint_every, max_steps, batch, length, val_every, val_max_steps;
  int sample_every, sample_tokens, seed, warmup, resume;
  double lr, decay, beta2, min_lr;
} Options;

static const Options DEFAULT_OPTIONS = {
    .model = "modular/model.bin",
    .train = "modular/train.bin",
    .val = "modular/val.bin",
    .max_steps = 2000,
    .batch = 256,
    .length = SEQUENCE_LENGTH,
    .val_every = 100,
    .val_max_steps = 1000,
    .sample_tokens = 32,
    .seed = 1337,
    .warmup = 50,
    .lr = 5e-3,
    .decay = 1.0,
    .beta2 = 0.98,
};

typedef enum { TEXT, INTEGER, NUMBER } FlagKind;

typedef struct {
  char letter;
  FlagKind kind;
  size_t offset;
  int smallest, largest; // of an INTEGER
  const char *help;
} Flag;

#define AT(field) offsetof(Options, field)
static const Flag FLAGS[] = {
    {'e', TEXT, AT(model), 0, 0, "model to start from (modular/model.bin)"},
    {'c', TEXT, AT(checkpoint), 0, 0, "checkpoint to write (none); its optimizer state goes to PATH.opt"},
    {'k', INTEGER, AT(checkpoint_every), 0, INT_MAX, "steps between checkpoints; 0: only at the end (0)"},
    {'R', INTEGER, AT(resume), 0, 1, "1: go on with the optimizer state beside the model of -e (0)"},
    {'i', TEXT, AT(train), 0, 0, "training data (modular/train.bin)"},
    {'j', TEXT, AT(val), 0, 0, "validation data (modular/val.bin)"},
    {'x', TEXT, AT(test), 0, 0, "test data, used once at the end (none)"},
    {'o', TEXT, AT(log), 0, 0, "log file for the losses (none)"},
    {'t', INTEGER, AT(length), SEQUENCE_LENGTH, SEQUENCE_LENGTH, "sequence length T; one equation (8)"},
    {'b', INTEGER, AT(batch), 1, (PRIME * PRIME), "batch size B, in sequences (256)"},
    {'n', INTEGER, AT(max_steps), 0, INT_MAX - 1, "steps to train; 0: no override, one epoch (2000)"},
    {'v', INTEGER, AT(val_every), 1, INT_MAX, "steps between validations (100)"},
    {'m', INTEGER, AT(val_max_steps), 1, INT_MAX, "most batches to a validation (1000)"},
    {'s', INTEGER, AT(sample_every), 0, INT_MAX, "steps between samples; 0: none (0)"},
    {'g', INTEGER, AT(sample_tokens), 1, INT_MAX, "tokens to a sample (32)"},
    {'l', NUMBER, AT(lr), 0, 0, "learning rate (5e-3)"},
    {'W', INTEGER, AT(warmup), 0, INT_MAX, "steps of linear warmup of the learning rate (50)"},
    {'M', NUMBER, AT(min_lr), 0, 0, "learning rate at the end of a cosine; 0: constant (0)"},
    {'w', NUMBER, AT(decay), 0, 0, "weight decay of AdamW (1.0)"},
    {'a', NUMBER, AT(beta2), 0, 0, "beta2 of AdamW (0.98)"},
    {'q', INTEGER, AT(seed), 0, INT_MAX, "seed of the random numbers (1337)"},
};
#undef AT
enum { FLAG_COUNT = sizeof FLAGS / sizeof *FLAGS };

static void usage_and_exit(void) {
  fprintf(stderr,
          "Usage:   ./train make-data DIR         write train.bin, val.bin, test.bin and a\n"
          "                                       random model.bin into DIR\n"
          "         ./train --check-gradients     compare the gradients with finite differences\n"
          "         ./train [options]             train addition modulo 97\n"
          "Example: ./train make-data modular && ./train -x modular/test.bin\n"
          "Options:\n");
  static const char *const kinds[] = {"<path>", "<int>", "<float>"};
  for (int i = 0; i < FLAG_COUNT; i++)
    fprintf(stderr, "  -%c %-8s %s\n", FLAGS[i].letter, kinds[FLAGS[i].kind], FLAGS[i].help);
  exit(1);
}

static void set_integer(const Flag *flag, int *into, const char *text) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (end == text || *end || errno || value < flag->smallest || value > flag->largest) usage_and_exit();
  *into = (int)value;
}

// Infinity is let through: a learning rate that blows the network up is worth trying out.
static void set_number(double *into, const char *text) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end || !(value >= 0)) usage_and_exit();
  *into = value;
}

static Options options_parse(int argc, char **argv) {
  Options o = DEFAULT_OPTIONS;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 >= argc || argv[i][0] != '-' || strlen(argv[i]) != 2) usage_and_exit();
    const Flag *flag = FLAGS;
    while (flag < FLAGS + FLAG_COUNT && flag->letter != argv[i][1]) flag++;
    if (flag == FLAGS + FLAG_COUNT) usage_and_exit();
    void *into = (char *)&o + flag->offset;
    if (flag->kind == TEXT)
      *(const char **)into = argv[i + 1];
    else if (flag->kind == INTEGER)
      set_integer(flag, into, argv[i + 1]);
    else
      set_number(into, argv[i + 1]);
  }
  return o;
}

// ---- The table ----

static void print_bar(void) {
  printf("+-----------------------+----------------------------------------------------+\n");
}

static void row_text(const char *key, const char *value) { printf("| %-21s | %-50s |\n", key, value ? value : "NULL"); }

static void row_integer(const char *key, long value) { printf("| %-21s | %-50ld |\n", key, value); }

static void row_number(const char *key, double value) { printf("| %-21s | %-50f |\n", key, value); }

static void row_scientific(const char *key, double value) { printf("| %-21s | %-50e |\n", key, value); }

// The rows are those of the CUDA trainers that share this table. What this program does not do
// (snapshots, sparse, sorted or blended layers) is shown as off.
static void print_options(const Options *o) {
  print_bar();
  printf("| %-21s | %-50s |\n", "Parameter", "Value");
  print_bar();
  row_text("model path", o->model);
  row_text("checkpoint path", o->checkpoint);
  row_integer("checkpoint_every", o->checkpoint_every);
  row_text("train data pattern", o->train);
  row_text("val data pattern", o->val);
  row_text("output log file", o->log);
  row_integer("max_steps", o->max_steps);
  row_integer("batch size B", o->batch);
  row_integer("sequence length T", o->length);
  row_scientific("learning rate", o->lr);
  row_number("weight decay", o->decay);
  row_number("beta2", o->beta2);
  row_integer("val_loss_every", o->val_every);
  row_integer("val_max_steps", o->val_max_steps);
  row_integer("sample_every", o->sample_every);
  row_integer("genT", o->sample_tokens);
  row_integer("task_position", AT_ANSWER - 1);
  row_integer("task_position_end", AT_ANSWER - 1);
  row_text("snapshot_dir", NULL);
  row_integer("snapshot_every", 0);
  row_integer("FC1 bandwidth", 0);
  row_integer("FC2 bandwidth", 0);
  row_text("Sparsity mode", "DENSE");
  row_integer("Sort window", 0);
  row_integer("Embed blend window", 0);
  row_integer("Hebbian pull window", 0);
  row_scientific("Hebbian pull eps", 0);
  row_text("test data pattern", o->test);
  row_integer("rng_seed", o->seed);
  row_integer("warmup_steps", o->warmup);
  row_scientific("min_lr (cosine end)", o->min_lr);
  row_integer("resume", o->resume);
  print_bar();
}

static void print_device(void) {
  row_text("device", "CPU, one thread");
  row_text("TF32", "disabled");
  print_bar();
}

static void print_shape(const Model *m) {
  row_integer("max_sequence_length T", SEQUENCE_LENGTH);
  row_integer("vocab_size V", VOCAB);
  row_integer("padded_vocab_size Vp", PADDED_VOCAB);
  row_integer("num_layers L", 1);
  row_integer("num_heads NH", 0);
  row_integer("channels C", m->channels);
  row_integer("num_parameters", (long)m->num_parameters);
  print_bar();
}

static void print_batches(int train, int val, int test) {
  row_integer("train_num_batches", train);
  row_integer("val_num_batches", val);
  row_integer("test_num_batches", test);
  print_bar();
}

#endif
