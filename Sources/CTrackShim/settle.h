#ifndef TSI_SETTLE_H
#define TSI_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

bool tsi_settle_is_answered(uint32_t number);
// At load: what the environment says of it, for as long as the settings were not read.
void tsi_settle_prepare(void);
bool tsi_settle_is_quiet(void);
// Everything up to now comes into the journal and the worker's thread goes; false when it was not done in 200 ms.
bool tsi_settle_pause(void);
// The worker will answer nobody any more: whoever waits goes on.
void tsi_settle_let_go(void);
// On the worker: whether somebody has asked for a flush since it last looked. It says so once, since one that cannot be
// answered yet must not keep the worker awake.
bool tsi_flush_is_news(void);

#endif
