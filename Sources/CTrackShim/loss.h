// What is left when a thread of ours is not: who is told, what goes on.
//
// Losing the worker ends the recording. Of a program that is a run, producers go on to fill the run's ring, which stays
// for `trackshim show`; past its 4 MiB they drop and count. Of one that is none yet, the tap is off. Host threads that
// wait are let go. Losing the uploader ends the sending only, and losing
// the thread that reads the GPUs ends their figures.
#ifndef TSI_LOSS_H
#define TSI_LOSS_H

#include <stdbool.h>

// Why a thread is lost, where it is no signal.
enum { TSI_LOST_NO_MEMORY = 0, TSI_LOST_SPINS = -1 };

// On that thread. Signal-safe. `takes_all`: it held what the other one needs.
void tsi_loss_of_thread(int role, int signal, bool takes_all);
bool tsi_loss_is_total(void);
// On a host thread at the end of the program: what the ring could not take any more.
void tsi_loss_say_dropped(void);
// The signal that the worker gets next is our own: it does not come round any more.
void tsi_loss_is_for_spinning(void);

#endif
