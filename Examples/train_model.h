// The network: the embeddings of a and b side by side, one hidden layer, 101 answers.
//
//     x = [wte[a], wte[b]]      h = relu(x fc1w + fc1b)      logits = h fc2w + fc2b
//
// with its gradients by hand, and AdamW (decoupled weight decay).
#ifndef TRAIN_MODEL_H
#define TRAIN_MODEL_H

#include <math.h>

#include "train_data.h"

enum {
  MODEL_MAGIC = 20240397,
  MODEL_VERSION = 1,
  OPTIMIZER_MAGIC = 20240398,
  BLOCK = 16, // each row length is a multiple of this, so that compilers use vectors at -O2
  PADDED_VOCAB = 112,
  CHANNELS = 64,
  HIDDEN = 128,
  LARGEST_WIDTH = 1 << 14,
};

typedef struct {
  float *wte, *fc1w, *fc1b, *fc2w, *fc2b;
} Tensors;

typedef struct {
  int channels, hidden;
  size_t num_parameters;
  float *params, *grads, *m, *v;
  Tensors p, g;
  int batch;                // what the buffers below are for
  float *x, *h, *probs;     // activations
  float *dlogits, *dh, *dx; // their gradients
  float *fc1t, *fc2t;       // transposed weights
} Model;

// `at` may be NULL, to count.
static size_t place_tensors(Tensors *t, float *at, int channels, int hidden) {
  size_t C = (size_t)channels, H = (size_t)hidden, n = 0;
  size_t sizes[] = {VOCAB * C, 2 * C * H, H, H * PADDED_VOCAB, PADDED_VOCAB};
  float **slots[] = {&t->wte, &t->fc1w, &t->fc1b, &t->fc2w, &t->fc2b};
  for (int i = 0; i < 5; i++) {
    *slots[i] = at ? at + n : NULL;
    n += sizes[i];
  }
  return n;
}

static size_t activation_floats(const Model *m) {
  return (size_t)m->batch * (size_t)(2 * m->channels + m->hidden + PADDED_VOCAB);
}

static size_t activation_gradient_floats(const Model *m) {
  return activation_floats(m) + (size_t)m->hidden * (size_t)(2 * m->channels + PADDED_VOCAB);
}

static Model model_shape(int channels, int hidden) {
  Model m = {.channels = channels, .hidden = hidden};
  m.num_parameters = place_tensors(&m.p, NULL, channels, hidden);
  m.params = allocate_or_exit(m.num_parameters, sizeof(float));
  place_tensors(&m.p, m.params, channels, hidden);
  return m;
}

static void model_allocate_activations(Model *m, int batch) {
  m->batch = batch;
  m->x = allocate_or_exit(activation_floats(m), sizeof(float));
  m->h = m->x + (size_t)batch * 2 * (size_t)m->channels;
  m->probs = m->h + (size_t)batch * (size_t)m->hidden;
}

static void model_allocate_gradients(Model *m) {
  m->grads = allocate_or_exit(m->num_parameters, sizeof(float));
  place_tensors(&m->g, m->grads, m->channels, m->hidden);
}

static void model_allocate_activation_gradients(Model *m) {
  size_t B = (size_t)m->batch, C2 = 2 * (size_t)m->channels, H = (size_t)m->hidden;
  m->dx = allocate_or_exit(activation_gradient_floats(m), sizeof(float));
  m->dh = m->dx + B * C2;
  m->dlogits = m->dh + B * H;
  m->fc1t = m->dlogits + B * PADDED_VOCAB;
  m->fc2t = m->fc1t + C2 * H;
}

static void model_free(Model *m) {
  free(m->params);
  free(m->grads);
  free(m->m);
  free(m->v);
  free(m->x);
  free(m->dx);
}

// ---- Forward and backward ----

// out[i] += sum over k of a[i, k] * b[k], for whole rows of `width`. The strides let `a` be read
// as its own transpose, so that this one loop serves the forward pass and both gradients.
// `width` is a multiple of BLOCK. Four terms at a time, for `out` to be read and written less.
static void accumulate(float *restrict out, int rows, int width, const float *restrict a, size_t row_stride,
                       size_t term_stride, const float *restrict b, int terms) {
  size_t w = (size_t)width;
  for (int i = 0; i < rows; i++) {
    float *restrict o = out + (size_t)i * w;
    const float *ai = a + (size_t)i * row_stride;
    int k = 0;
    for (; k + 4 <= terms; k += 4) {
      const float *ak = ai + (size_t)k * term_stride, *bk = b + (size_t)k * w;
      float a0 = ak[0], a1 = ak[term_stride], a2 = ak[2 * term_stride], a3 = ak[3 * term_stride];
      for (size_t j = 0; j < w; j += BLOCK)
        for (size_t u = j; u < j + BLOCK; u++)
          o[u] += a0 * bk[u] + a1 * bk[w + u] + a2 * bk[2 * w + u] + a3 * bk[3 * w + u];
    }
    for (; k < terms; k++)
      for (size_t u = 0; u < w; u++) o[u] += ai[(size_t)k * term_stride] * b[(size_t)k * w + u];
  }
}

static void fill_rows(float *out, const float *row, int rows, int width) {
  size_t w = (size_t)width;
  for (int i = 0; i < rows; i++) memcpy(out + (size_t)i * w, row, w * sizeof *row);
}

static void transpose(float *out, const float *in, int rows, int columns) {
  size_t R = (size_t)rows, C = (size_t)columns;
  for (size_t i = 0; i < R; i++)
    for (size_t j = 0; j < C; j++) out[j * R + i] = in[i * C + j];
}

// The padding beyond VOCAB is no answer: it gets no probability, and so no gradient.
static void softmax(float *row) {
  float largest = row[0];
  for (int j = 1; j < VOCAB; j++) largest = row[j] > largest ? row[j] : largest;
  float sum = 0;
  for (int j = 0; j < VOCAB; j++) sum += row[j] = expf(row[j] - largest);
  for (int j = 0; j < VOCAB; j++) row[j] /= sum;
  for (int j = VOCAB; j < PADDED_VOCAB; j++) row[j] = 0;
}

// Leaves probabilities for `n` equations, at most the batch, in m->probs.
static void model_forward(Model *m, const uint16_t *const *equations, int n) {
  int C = m->channels, H = m->hidden;
  for (int i = 0; i < n; i++) {
    float *x = m->x + (size_t)i * 2 * (size_t)C;
    memcpy(x, m->p.wte + equations[i][AT_A] * C, (size_t)C * sizeof *x);
    memcpy(x + C, m->p.wte + equations[i][AT_B] * C, (size_t)C * sizeof *x);
  }
  fill_rows(m->h, m->p.fc1b, n, H);
  accumulate(m->h, n, H, m->x, 2 * (size_t)C, 1, m->p.fc1w, 2 * C);
  for (size_t i = 0; i < (size_t)n * (size_t)H; i++) m->h[i] = m->h[i] > 0 ? m->h[i] : 0;
  fill_rows(m->probs, m->p.fc2b, n, PADDED_VOCAB);
  accumulate(m->probs, n, PADDED_VOCAB, m->h, (size_t)H, 1, m->p.fc2w, H);
  for (int i = 0; i < n; i++) softmax(m->probs + (size_t)i * PADDED_VOCAB);
}

static double model_loss(Model *m, const uint16_t *const *equations, int n) {
  model_forward(m, equations, n);
  double sum = 0;
  // An answer of probability 0 in 32 bits costs what the smallest float would, not infinity.
  // The test is the other way round so that a NaN stays one.
  for (int i = 0; i < n; i++) {
    double p = m->probs[(size_t)i * PADDED_VOCAB + equations[i][AT_ANSWER]];
    sum -= log(p < 1e-45 ? 1e-45 : p);
  }
  return sum / n;
}

static void add_rows(float *out, const float *rows, int n, int width) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < width; j++) out[j] += rows[(size_t)i * (size_t)width + (size_t)j];
}

// After a model_loss with the same equations.
static void model_backward(Model *m, const uint16_t *const *equations, int n) {
  int C = m->channels, C2 = 2 * C, H = m->hidden;
  memset(m->grads, 0, m->num_parameters * sizeof(float));
  for (int i = 0; i < n; i++) {
    float *d = m->dlogits + (size_t)i * PADDED_VOCAB;
    const float *p = m->probs + (size_t)i * PADDED_VOCAB;
    for (int j = 0; j < PADDED_VOCAB; j++) d[j] = p[j] / (float)n;
    d[equations[i][AT_ANSWER]] -= 1.0f / (float)n;
  }
  accumulate(m->g.fc2w, H, PADDED_VOCAB, m->h, 1, (size_t)H, m->dlogits, n);
  add_rows(m->g.fc2b, m->dlogits, n, PADDED_VOCAB);

  memset(m->dh, 0, (size_t)n * (size_t)H * sizeof(float));
  transpose(m->fc2t, m->p.fc2w, H, PADDED_VOCAB);
  accumulate(m->dh, n, H, m->dlogits, PADDED_VOCAB, 1, m->fc2t, PADDED_VOCAB);
  for (size_t i = 0; i < (size_t)n * (size_t)H; i++) m->dh[i] = m->h[i] > 0 ? m->dh[i] : 0;
  accumulate(m->g.fc1w, C2, H, m->x, 1, (size_t)C2, m->dh, n);
  add_rows(m->g.fc1b, m->dh, n, H);

  memset(m->dx, 0, (size_t)n * (size_t)C2 * sizeof(float));
  transpose(m->fc1t, m->p.fc1w, C2, H);
  accumulate(m->dx, n, C2, m->dh, (size_t)H, 1, m->fc1t, H);
  for (int i = 0; i < n; i++) {
    add_rows(m->g.wte + equations[i][AT_A] * C, m->dx + (size_t)i * (size_t)C2, 1, C);
    add_rows(m->g.wte + equations[i][AT_B] * C, m->dx + (size_t)i * (size_t)C2 + C, 1, C);
  }
}

// `t` counts from 1: the bias of the averages is corrected by it.
static void model_update(Model *m, float lr, float beta1, float beta2, float decay, int t) {
  float correct1 = 1 - powf(beta1, (float)t), correct2 = 1 - powf(beta2, (float)t);
  for (size_t i = 0; i < m->num_parameters; i++) {
    float g = m->grads[i];
    m->m[i] = beta1 * m->m[i] + (1 - beta1) * g;
    m->v[i] = beta2 * m->v[i] + (1 - beta2) * g * g;
    float step = (m->m[i] / correct1) / (sqrtf(m->v[i] / correct2) + 1e-8f);
    m->params[i] -= lr * (step + decay * m->params[i]);
  }
}

// ---- Files ----

static Model model_new(uint64_t seed) {
  Model m = model_shape(CHANNELS, HIDDEN);
  Random r = random_stream(seed, 'M', 0);
  struct {
    float *at;
    size_t n;
    double spread;
  } parts[] = {
      {m.p.wte, VOCAB * CHANNELS, 0.3},
      {m.p.fc1w, 2 * CHANNELS * HIDDEN, sqrt(1 / (2.0 * (double)CHANNELS))},
      {m.p.fc2w, HIDDEN * PADDED_VOCAB, sqrt(1 / (double)HIDDEN)},
  };
  for (int k = 0; k < 3; k++)
    for (size_t i = 0; i < parts[k].n; i++)
      parts[k].at[i] = (float)((random_unit(&r) * 2 - 1) * 1.7320508 * parts[k].spread);
  return m;
}

static void model_save(const Model *m, const char *path) {
  FILE *f = OPEN(path, "wb");
  int layers = 1, heads = 0;
  int32_t header[HEADER_INTS] = {MODEL_MAGIC, MODEL_VERSION, SEQUENCE_LENGTH, VOCAB,    layers,
                                 heads,       m->channels,   PADDED_VOCAB,    m->hidden};
  write_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  write_or_exit(m->params, sizeof(float), m->num_parameters, f, path);
  close_or_exit(f, path);
}

static int is_width(int n) { return n > 0 && n <= LARGEST_WIDTH && n % BLOCK == 0; }

static Model model_load(const char *path) {
  FILE *f = OPEN(path, "rb");
  int32_t header[HEADER_INTS];
  read_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  const char *bad = header[0] != MODEL_MAGIC     ? "magic model file"
                    : header[1] != MODEL_VERSION ? "version in model file"
                    : header[2] != SEQUENCE_LENGTH || header[3] != VOCAB || header[7] != PADDED_VOCAB ||
                            !is_width(header[6]) || !is_width(header[8])
                        ? "shape in model file"
                        : NULL;
  if (bad) {
    fprintf(stderr, "Bad %s\n", bad);
    exit(1);
  }
  Model m = model_shape(header[6], header[8]);
  read_or_exit(m.params, sizeof(float), m.num_parameters, f, path);
  fclose(f);
  return m;
}

#endif
