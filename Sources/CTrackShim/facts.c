// What the worker knows of the run, for the calls of trackshim.h that ask for it. Texts stay where they are once they
// were handed out: a program may keep the pointer. There are few of them; notes are bounded in number.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <string.h>

#include "include/ctrackshim.h"

static _Atomic(const char *) texts[TSI_FACT_COUNT];
static _Atomic uint64_t counters[TSI_COUNTER_COUNT];
static _Atomic bool is_stop_requested, was_stop_asked;

void tsi_fact_set(int which, const char *text) {
  if (which < 0 || which >= TSI_FACT_COUNT) return;
  const char *known = atomic_load_explicit(&texts[which], memory_order_relaxed);
  if (known != NULL && strcmp(known, text) == 0) return;
  const char *copy = strdup(text);
  if (copy != NULL) atomic_store_explicit(&texts[which], copy, memory_order_release);
}

const char *tsi_fact(int which) {
  if (which < 0 || which >= TSI_FACT_COUNT) return "";
  const char *text = atomic_load_explicit(&texts[which], memory_order_acquire);
  return text != NULL ? text : "";
}

void tsi_counter_set(int which, uint64_t value) {
  if (which >= 0 && which < TSI_COUNTER_COUNT) atomic_store_explicit(&counters[which], value, memory_order_relaxed);
}

uint64_t tsi_counter(int which) {
  return which >= 0 && which < TSI_COUNTER_COUNT ? atomic_load_explicit(&counters[which], memory_order_relaxed) : 0;
}

void tsi_stop_request(void) { atomic_store(&is_stop_requested, true); }

bool tsi_stop_requested(void) {
  atomic_store_explicit(&was_stop_asked, true, memory_order_relaxed);
  return atomic_load_explicit(&is_stop_requested, memory_order_relaxed);
}

bool tsi_stop_was_asked(void) { return atomic_load_explicit(&was_stop_asked, memory_order_relaxed); }
