// A small trainer in plain C: addition modulo 97 on one CPU core, in some fifteen seconds.
//
//     cc -O2 -o train train.c -lm
//     ./train make-data modular && ./train -x modular/test.bin
//
// The validation loss first rises, while the network learns the shown half of the equations by
// heart; from about step 700 on it falls to nearly nothing, as the rule replaces the memory.
//
// What it prints is printf's, and left to stdio's buffer: on a terminal a line appears when it is
// complete, in a pipe 4,096 bytes at a time.

#define _POSIX_C_SOURCE 200809L // clock_gettime, mkdir
#include <sys/stat.h>
#include <time.h>

#include "train_data.h"
#include "train_gradients.h"
#include "train_model.h"
#include "train_options.h"

typedef struct {
  Options options;
  Model model;
  Dataset train, val, test;
  int train_batches, val_batches, test_batches;
  int start, total; // steps
  double loss_sum;  // of the steps since the last validation
  int loss_count;
  double milliseconds; // of all steps
  FILE *log;
  const uint16_t **equations; // the batch at hand
} Trainer;

static void allocated(size_t floats, const char *what) {
  const size_t mib = 1024 * 1024;
  printf("allocated %zu MiB for %s\n", (floats * sizeof(float) + mib - 1) / mib, what);
}

// ---- Setting up ----

static int batches_in(const Dataset *d, const Options *o) {
  return d->count / o->batch < o->val_max_steps ? d->count / o->batch : o->val_max_steps;
}

static void open_data(Trainer *t) {
  const Options *o = &t->options;
  t->train = dataset_open(o->train, o->batch);
  t->val = dataset_open(o->val, o->batch);
  t->train_batches = t->train.count / o->batch;
  t->val_batches = batches_in(&t->val, o);
  if (o->test) {
    t->test = dataset_open(o->test, o->batch);
    t->test_batches = batches_in(&t->test, o);
  }
  t->total = o->max_steps > 0 ? o->max_steps : t->train_batches;
  t->equations = allocate_or_exit((size_t)o->batch, sizeof *t->equations);
}

static void allocate_optimizer(Model *m) {
  m->m = allocate_or_exit(m->num_parameters, sizeof(float));
  allocated(m->num_parameters, "AdamW optimizer state m");
  m->v = allocate_or_exit(m->num_parameters, sizeof(float));
  allocated(m->num_parameters, "AdamW optimizer state v");
}

static void optimizer_path(char *out, size_t size, const char *model) {
  if (snprintf(out, size, "%s.opt", model) < (int)size) return;
  fprintf(stderr, "Error: the path of the model is too long\n");
  exit(1);
}

static void resume(Trainer *t) {
  char path[4096];
  optimizer_path(path, sizeof path, t->options.model);
  FILE *f = fopen(path, "rb");
  if (!f) {
    printf("WARNING: no optimizer state at %s, starting from step 0\n", path);
    return;
  }
  int32_t header[HEADER_INTS];
  read_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  if (header[0] != OPTIMIZER_MAGIC || (size_t)header[2] != t->model.num_parameters || header[3] < 0) {
    printf("WARNING: %s does not fit the model, starting from step 0\n", path);
    fclose(f);
    return;
  }
  t->start = header[3];
  printf("Resuming from step %d (shard 0, sample %d)\n", t->start, t->start % t->train_batches * t->options.batch);
  allocate_optimizer(&t->model);
  read_or_exit(t->model.m, sizeof(float), t->model.num_parameters, f, path);
  read_or_exit(t->model.v, sizeof(float), t->model.num_parameters, f, path);
  fclose(f);
  printf("optimizer state loaded from %s (sort_n=0, blend_n=0)\n", path);
}

static void set_up(Trainer *t, int argc, char **argv) {
  t->options = options_parse(argc, argv);
  print_options(&t->options);
  print_device();
  t->model = model_load(t->options.model);
  print_shape(&t->model);
  open_data(t);
  print_batches(t->train_batches, t->val_batches, t->test_batches);
  allocated(t->model.num_parameters, "model parameters");
  if (t->options.resume) resume(t);
  if (t->options.log) t->log = OPEN(t->options.log, t->start > 0 ? "a" : "w");
}

// ---- What a pass of the loop is made of ----

static void take_batch(Trainer *t, const Dataset *d, int index) {
  for (int i = 0; i < t->options.batch; i++) t->equations[i] = dataset_equation(d, index * t->options.batch + i);
}

static double loss_over(Trainer *t, const Dataset *d, int batches) {
  double sum = 0;
  for (int k = 0; k < batches; k++) {
    take_batch(t, d, k);
    sum += model_loss(&t->model, t->equations, t->options.batch);
  }
  return sum / batches;
}

static void first_forward(Trainer *t) {
  model_allocate_activations(&t->model, t->options.batch);
  allocated(activation_floats(&t->model), "activations");
  printf("loss masking enabled: positions %d..%d contribute to loss/gradient\n", AT_ANSWER - 1, AT_ANSWER - 1);
}

static void first_backward(Model *m) {
  model_allocate_gradients(m);
  allocated(m->num_parameters, "parameter gradients");
  model_allocate_activation_gradients(m);
  allocated(activation_gradient_floats(m), "activation gradients");
  if (!m->m) allocate_optimizer(m);
}

static void validate(Trainer *t, int step) {
  double loss = loss_over(t, &t->val, t->val_batches);
  // Before any training there is no average to compare with: the gap is none.
  double average = t->loss_count ? t->loss_sum / t->loss_count : loss;
  printf("val loss %f (avg_train %f, gap %+f)\n", loss, average, loss - average);
  if (t->log) fprintf(t->log, "s:%d evl:%.4f avt:%.4f gap:%.4f\n", step, loss, average, loss - average);
  t->loss_sum = 0;
  t->loss_count = 0;
}

static void test(Trainer *t, int step) {
  double loss = loss_over(t, &t->test, t->test_batches);
  printf("test loss %f\n", loss);
  if (t->log) fprintf(t->log, "s:%d tsl:%.4f\n", step, loss);
}

static int sample_answer(const float *probs, Random *r) {
  double coin = random_unit(r), sum = 0;
  for (int i = 0; i < VOCAB - 1; i++)
    if ((sum += probs[i]) > coin) return i;
  return VOCAB - 1;
}

// A sample is watched as it grows, hence the flush: the only one in this program.
static void print_token(int token) {
  if (token < PRIME)
    printf("%d", token);
  else
    printf("%s", token == PLUS ? " + " : token == EQUALS ? " = " : token == EOS ? "\n" : "");
  fflush(stdout);
}

static void sample(Trainer *t, int step) {
  Random r = random_stream((uint64_t)t->options.seed, 'G', (uint64_t)step);
  printf("generating:\n---\n");
  for (int printed = 0; printed < t->options.sample_tokens;) {
    uint16_t e[] = {BOS, 0, PLUS, 0, EQUALS, 0, EOS};
    const uint16_t *prompt = e;
    e[AT_A] = (uint16_t)random_below(&r, PRIME);
    e[AT_B] = (uint16_t)random_below(&r, PRIME);
    model_forward(&t->model, &prompt, 1);
    e[AT_ANSWER] = (uint16_t)sample_answer(t->model.probs, &r);
    for (size_t i = 0; i < sizeof e / sizeof *e && printed < t->options.sample_tokens; i++, printed++)
      print_token(e[i]);
  }
  printf("\n---\n");
}

static void save_optimizer(const Trainer *t, int step) {
  char path[4096];
  optimizer_path(path, sizeof path, t->options.checkpoint);
  FILE *f = OPEN(path, "wb");
  int32_t header[HEADER_INTS] = {OPTIMIZER_MAGIC, MODEL_VERSION, (int32_t)t->model.num_parameters, step};
  write_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  write_or_exit(t->model.m, sizeof(float), t->model.num_parameters, f, path);
  write_or_exit(t->model.v, sizeof(float), t->model.num_parameters, f, path);
  close_or_exit(f, path);
  printf("optimizer state saved to %s\n", path);
}

static void save_checkpoint(const Trainer *t, int step) {
  const char *path = t->options.checkpoint;
  if (!path) return;
  size_t n = t->model.num_parameters;
  printf("saving checkpoint to %s\n", path);
  model_save(&t->model, path);
  double mb = (double)(n * sizeof(float)) / (1024 * 1024);
  printf("checkpoint saved (%zu parameters, %.2f MB)\n", n, mb);
  if (t->model.m) save_optimizer(t, step);
}

static double learning_rate(const Trainer *t, int step) {
  const Options *o = &t->options;
  if (step < o->warmup) return o->lr * (step + 1) / o->warmup;
  if (o->min_lr <= 0) return o->lr;
  double done = (double)(step - o->warmup) / (t->total - o->warmup);
  return o->min_lr + 0.5 * (o->lr - o->min_lr) * (1 + cos(3.14159265358979 * done));
}

static double now_in_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double train_step(Trainer *t, int step) {
  const Options *o = &t->options;
  dataset_shuffle(&t->train, (uint64_t)o->seed, step / t->train_batches);
  take_batch(t, &t->train, step % t->train_batches);
  double loss = model_loss(&t->model, t->equations, o->batch);
  model_backward(&t->model, t->equations, o->batch);
  model_update(&t->model, (float)learning_rate(t, step), 0.9f, (float)o->beta2, (float)o->decay, step + 1);
  return loss;
}

static void train_and_report(Trainer *t, int step) {
  double begin = now_in_ms();
  double loss = train_step(t, step);
  double ms = now_in_ms() - begin, tokens = t->options.batch * t->options.length;
  t->milliseconds += ms;
  t->loss_sum += loss;
  t->loss_count++;
  printf("step %4d/%d: train loss %f (%f ms, %ld tok/s)\n", step + 1, t->total, loss, ms,
         ms > 0 ? (long)(tokens / ms * 1e3) : 0);
  if (t->log) fprintf(t->log, "s:%d trl:%.4f\n", step, loss);
}

// ---- The loop ----

static int is_due(int step, int every) { return every > 0 && step > 0 && step % every == 0; }

static void run_loop(Trainer *t) {
  const Options *o = &t->options;
  first_forward(t);
  for (int step = t->start;; step++) {
    int last = step >= t->total;
    if (last || step % o->val_every == 0) validate(t, step);
    if (!last && step > t->start && is_due(step, o->checkpoint_every)) save_checkpoint(t, step);
    if (is_due(step, o->sample_every)) sample(t, step);
    if (last) break;
    if (!t->model.grads) first_backward(&t->model);
    train_and_report(t, step);
  }
  int end = t->total > t->start ? t->total : t->start;
  if (o->test) test(t, end);
  if (end > t->start) printf("total average iteration time: %f ms\n", t->milliseconds / (end - t->start));
  save_checkpoint(t, end);
}

static void tear_down(Trainer *t) {
  if (t->log) close_or_exit(t->log, t->options.log);
  dataset_close(&t->train);
  dataset_close(&t->val);
  dataset_close(&t->test);
  model_free(&t->model);
  free(t->equations);
}

static void make_data(const char *dir) {
  char path[4096];
  mkdir(dir, 0777); // if it failed, opening the first file says so
  make_equation_files(dir, 42);
  Model m = model_new(42);
  path_in(path, sizeof path, dir, "model.bin");
  model_save(&m, path);
  model_free(&m);
}

int main(int argc, char **argv) {
  if (argc == 3 && (strcmp(argv[1], "make-data") == 0 || strcmp(argv[1], "--make-data") == 0)) {
    make_data(argv[2]);
    return 0;
  }
  if (argc == 2 && strcmp(argv[1], "--check-gradients") == 0) return model_check_gradients();
  Trainer t = {0};
  set_up(&t, argc, argv);
  run_loop(&t);
  tear_down(&t);
  return 0;
}
