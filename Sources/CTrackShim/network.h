// Whether the system lets this process open connections.
#ifndef TSI_NETWORK_H
#define TSI_NETWORK_H

#include <stdbool.h>

// True where a filter refuses what every connection begins with (seccomp, AppArmor): those are there to stay. A
// network that is merely down, or a route that is closed, is none.
bool tsi_network_is_denied(void);

#endif
