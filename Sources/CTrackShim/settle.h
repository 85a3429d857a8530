#ifndef TSI_SETTLE_H
#define TSI_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

bool tsi_settle_is_answered(uint32_t number);

#endif
