#define _GNU_SOURCE
#include "rank.h"

#include <stddef.h>
#include <stdlib.h>
#include <strings.h>

#include "include/ctrackshim.h"

// What starts the processes says which is which. The innermost comes first: mpirun in a batch job, torchrun in either.
static const char *const names[] = {"RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"};

static bool is_other_than_first(const char *rank) {
  char *end;
  long number = strtol(rank, &end, 10);
  return *end == 0 && number > 0;
}

bool tsi_rank_is_left_out(void) {
  const char *which = tsi_environment("TRACKSHIM_RANKS");
  if (which != NULL && (strcasecmp(which, "all") == 0 || strcasecmp(which, "shared") == 0)) return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *rank = tsi_environment(names[i]);
    if (rank != NULL && *rank != 0) return is_other_than_first(rank);
  }
  return false;
}
