#include "ctrackshim.h"
int tsi_dummy(void){return 3;}
