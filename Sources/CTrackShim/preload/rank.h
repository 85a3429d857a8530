// A job of many processes, one of which speaks for all.
#ifndef TSI_RANK_H
#define TSI_RANK_H

#include <stdbool.h>

// True in a process of such a job that is not to be a run: any but the first, unless TRACKSHIM_RANKS=all.
bool tsi_rank_is_left_out(void);

#endif
