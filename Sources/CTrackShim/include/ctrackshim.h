#pragma once
#include <stdint.h>
int tsi_dummy(void);
