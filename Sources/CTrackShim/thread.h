// How threads of ours are made: detached, small, deaf to the host's signals.
#ifndef TSI_THREAD_H
#define TSI_THREAD_H

#include <stdbool.h>

bool tsi_thread_start(void *(*run)(void *));
// The new thread's first act.
void tsi_thread_introduce(const char *name);
// Of the whole process, ours among them; 0 when /proc is not there.
long tsi_thread_count(void);

#endif
