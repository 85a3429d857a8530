// A gradient step on the GPU, with calls from the host's side.
//
//     nvcc -o train_hook train_hook.cu -ltrackshim
//
// Nobody has run it on a GPU yet: the tests compile it and run it as far as the word that there is none (docs/api.md).
// On such a machine it says so and returns 77, and its run has its config and that end. It checks its results and what
// each call answers; the calls' answers are advice.
#include <cuda_runtime.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "trackshim.h"

enum { STEPS = 20, WEIGHTS = 1 << 16, THREADS = 256 };

static void check(cudaError_t answer) {
  if (answer == cudaSuccess) return;
  fprintf(stderr, "CUDA: %s\n", cudaGetErrorString(answer));
  exit(answer == cudaErrorNoDevice || answer == cudaErrorInsufficientDriver ? 77 : 1);
}

static void check(trackshim_status answer) {
  if (answer == (trackshim_active() ? TRACKSHIM_OK : TRACKSHIM_INACTIVE)) return;
  fprintf(stderr, "a call answered %s\n", trackshim_status_name(answer));
  exit(1);
}

// weight -= rate * gradient, where the loss is the sum of (weight - 3)^2; adds what each block found of it to *loss.
__global__ void step_down(float *weights, float rate, float *loss) {
  __shared__ float squares[THREADS];
  int at = blockIdx.x * THREADS + threadIdx.x;
  float error = at < WEIGHTS ? weights[at] - 3 : 0;
  if (at < WEIGHTS) weights[at] -= rate * 2 * error;
  squares[threadIdx.x] = error * error;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.x < half) squares[threadIdx.x] += squares[threadIdx.x + half];
  }
  if (threadIdx.x == 0) atomicAdd(loss, squares[0]);
}

// The copy waits for the kernel: a loss is logged once it is known, and logging it waits for nothing.
static double train_one_step(float *weights, float rate, float *loss) {
  float sum;
  check(cudaMemset(loss, 0, sizeof *loss));
  step_down<<<(WEIGHTS + THREADS - 1) / THREADS, THREADS>>>(weights, rate, loss);
  check(cudaGetLastError());
  check(cudaMemcpy(&sum, loss, sizeof sum, cudaMemcpyDeviceToHost));
  return sum;
}

int main() {
  const double rate = 0.1;
  float *weights, *loss;
  check(trackshim_config_double("learning_rate", rate));
  check(cudaMalloc(&weights, WEIGHTS * sizeof *weights));
  check(cudaMalloc(&loss, sizeof *loss));
  check(cudaMemset(weights, 0, WEIGHTS * sizeof *weights));

  double expected = 9;
  for (int step = 1; step <= STEPS; step++) {
    double sum = train_one_step(weights, (float)rate, loss);
    trackshim_metric row[] = {{"loss", sum / WEIGHTS}, {"grad_norm", 2 * std::sqrt(sum)}};
    check(trackshim_log_row(step, row, 2));
    if (!(std::fabs(sum / WEIGHTS - expected) <= 1e-3 * expected)) {
      fprintf(stderr, "step %d: the loss is %g instead of %g\n", step, sum / WEIGHTS, expected);
      return 1;
    }
    expected *= (1 - 2 * rate) * (1 - 2 * rate);
  }

  check(cudaFree(weights));
  check(cudaFree(loss));
  check(trackshim_finish(0));
  return 0;
}
