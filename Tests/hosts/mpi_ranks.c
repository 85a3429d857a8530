// Each rank prints metrics of its own; the first its number of ranks as well.
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
  int rank, ranks;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) printf("ranks: %d\n", ranks);
  for (int step = 1; step <= 10; step++) {
    printf("step %d: train loss %.2f (10.0 ms, 5 tok/s)\n", step, rank + step / 100.0);
    fflush(stdout);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  MPI_Finalize();
  return 0;
}
