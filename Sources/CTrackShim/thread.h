// How threads of ours are made: detached, small, deaf to the host's signals.
#ifndef TSI_THREAD_H
#define TSI_THREAD_H

#include <stdbool.h>
#include <stdint.h>

enum { TSI_HOSTS, TSI_WORKER, TSI_UPLOADER, TSI_GPUS, TSI_ROLES };

bool tsi_thread_start(void *(*run)(void *));
// The new thread's first act.
void tsi_thread_introduce(int role, const char *name);
// Its last act, but for ending.
void tsi_thread_take_leave(void);
// The calling thread gets an empty file table of its own; false where the kernel has none to give.
bool tsi_thread_leave_files(void);
// Numbers 0 to 2 of its table are /dev/null: libraries use the lowest that is free, and nothing that thinks it writes
// to stderr shall ever write into what they have opened.
bool tsi_thread_fill_standard_numbers(void);
// Whose the calling thread is. Signal-safe.
int tsi_thread_role(void);
// The kernel's number of a thread of ours, 0 in one of the host's. Signal-safe.
uint32_t tsi_thread_number(void);
// Of the whole process, ours among them; 0 when /proc is not there.
long tsi_thread_count(void);
// How many of them are ours for certain: one that has just been made may be missing, so whoever waits for the others to
// go waits rather too long.
int tsi_thread_ours(void);

#endif
