#ifndef TSI_LONELY_MAIN_H
#define TSI_LONELY_MAIN_H

// The host's main thread ends by pthread_exit, and the process with the last of its other threads. Our
// worker must not be what keeps it alive.
void tsi_main_thread_left(void);
// The worker started; perhaps the main thread had left before.
void tsi_lonely_main_worker_started(void);

#endif
