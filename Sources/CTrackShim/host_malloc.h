// Whether code of others (libcurl and what it needs, the loader for NVML) may take memory from the host's malloc on a
// thread of ours.
#ifndef TSI_HOST_MALLOC_H
#define TSI_HOST_MALLOC_H

// NULL, or why not. On a thread of ours.
const char *tsi_host_malloc_forbids(void);

#endif
