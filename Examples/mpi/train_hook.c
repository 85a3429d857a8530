// Data parallel training with MPI: each rank has its part of the data, rank 0 logs what all of them found.
//
//     mpicc -o train_hook train_hook.c -ltrackshim -lm
//     mpirun -n 4 ./train_hook
//
// A process that logs is a run of its own: with calls in all ranks there would be as many runs. So only rank 0 calls.
// It checks what each call answers. A real program need not: the answers are advice.
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include "trackshim.h"

enum { STEPS = 20, SAMPLES = 1000 };

static void check(trackshim_status answer, const char *call) {
  if (answer == (trackshim_active() ? TRACKSHIM_OK : TRACKSHIM_INACTIVE)) return;
  fprintf(stderr, "%s answered %s\n", call, trackshim_status_name(answer));
  MPI_Abort(MPI_COMM_WORLD, 1);
}

// y = 3 x by y = weight x, over this rank's samples: the sums of squares and of their slopes.
static void sum_up(double weight, int rank, int ranks, double sums[2]) {
  sums[0] = sums[1] = 0;
  for (int i = rank; i < SAMPLES; i += ranks) {
    double x = (i + 1.0) / SAMPLES, error = weight * x - 3 * x;
    sums[0] += error * error;
    sums[1] += 2 * error * x;
  }
}

int main(int count, char **words) {
  int rank, ranks;
  MPI_Init(&count, &words);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) check(trackshim_config_int("ranks", ranks), "trackshim_config_int");

  double weight = 0, sums[2];
  for (int step = 1; step <= STEPS; step++) {
    sum_up(weight, rank, ranks, sums);
    MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    trackshim_metric row[] = {{"loss", sums[0] / SAMPLES}, {"grad_norm", fabs(sums[1] / SAMPLES)}};
    if (rank == 0) check(trackshim_log_row(step, row, 2), "trackshim_log_row");
    weight -= sums[1] / SAMPLES;
  }

  if (rank == 0) check(trackshim_finish(0), "trackshim_finish");
  MPI_Finalize();
  return 0;
}
