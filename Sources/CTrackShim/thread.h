// How threads of ours are made: detached, small, deaf to the host's signals.
#ifndef TSI_THREAD_H
#define TSI_THREAD_H

#include <stdbool.h>
#include <stdint.h>

enum { TSI_HOSTS, TSI_WORKER, TSI_UPLOADER };

bool tsi_thread_start(void *(*run)(void *));
// The new thread's first act.
void tsi_thread_introduce(int role, const char *name);
// Whose the calling thread is. Signal-safe.
int tsi_thread_role(void);
// The kernel's number of a thread of ours, 0 in one of the host's. Signal-safe.
uint32_t tsi_thread_number(void);
// Of the whole process, ours among them; 0 when /proc is not there.
long tsi_thread_count(void);

#endif
