// `--check-gradients`: do the gradients written by hand agree with the loss?
#ifndef TRAIN_GRADIENTS_H
#define TRAIN_GRADIENTS_H

#include "train_model.h"

static double loss_moved(Model *m, const uint16_t *const *equations, int n, const float *from, const double *along,
                         double by) {
  for (size_t i = 0; i < m->num_parameters; i++) m->params[i] = (float)(from[i] + by * along[i]);
  return model_loss(m, equations, n);
}

// Moves one tensor along its own gradient, bent by noise so that a gradient which is only partly
// right shows too. In 32 bits a single weight moves the loss too little to be measured.
static int check_tensor(Model *m, const uint16_t *const *equations, int n, const char *name, const float *grad,
                        size_t size, Random *r) {
  float *from = allocate_or_exit(m->num_parameters, sizeof *from);
  double *along = allocate_or_exit(m->num_parameters, sizeof *along);
  memcpy(from, m->params, m->num_parameters * sizeof *from);
  double length = 0, expected = 0;
  for (size_t i = 0; i < size; i++) {
    double d = grad[i] * 2 * random_unit(r);
    along[(size_t)(grad - m->grads) + i] = d;
    length += d * d;
    expected += d * grad[i];
  }
  double by = 1e-2 / sqrt(length), bound = 4e-3;
  double measured =
      (loss_moved(m, equations, n, from, along, by) - loss_moved(m, equations, n, from, along, -by)) / (2 * by);
  double error = fabs(measured - expected) / expected;
  printf("%-5s gradient %.6f, measured %.6f, off by %.4f%%\n", name, expected, measured, 100 * error);
  memcpy(m->params, from, m->num_parameters * sizeof *from);
  free(from);
  free(along);
  return !(error < bound);
}

// Returns 0 if all gradients hold.
static int model_check_gradients(void) {
  enum { N = 64 };
  uint16_t tokens[N][SEQUENCE_LENGTH] = {{0}};
  const uint16_t *equations[N];
  Random r = random_stream(1, 'C', 0);
  for (int i = 0; i < N; i++) {
    tokens[i][AT_A] = (uint16_t)random_below(&r, PRIME);
    tokens[i][AT_B] = (uint16_t)random_below(&r, PRIME);
    tokens[i][AT_ANSWER] = (uint16_t)((tokens[i][AT_A] + tokens[i][AT_B]) % PRIME);
    equations[i] = tokens[i];
  }
  Model m = model_new(1);
  model_allocate_activations(&m, N);
  model_allocate_gradients(&m);
  model_allocate_activation_gradients(&m);
  model_loss(&m, equations, N);
  model_backward(&m, equations, N);
  size_t C = CHANNELS, H = HIDDEN;
  int wrong = check_tensor(&m, equations, N, "wte", m.g.wte, VOCAB * C, &r) +
              check_tensor(&m, equations, N, "fc1w", m.g.fc1w, 2 * C * H, &r) +
              check_tensor(&m, equations, N, "fc1b", m.g.fc1b, H, &r) +
              check_tensor(&m, equations, N, "fc2w", m.g.fc2w, H * PADDED_VOCAB, &r) +
              check_tensor(&m, equations, N, "fc2b", m.g.fc2b, PADDED_VOCAB, &r);
  model_free(&m);
  printf("%d of 5 gradients are wrong\n", wrong);
  return wrong != 0;
}

#endif
