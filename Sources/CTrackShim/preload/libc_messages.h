#ifndef TSI_LIBC_MESSAGES_H
#define TSI_LIBC_MESSAGES_H

// What libc is going to say on fd 2 of a failed assertion. Nobody comes back from that, so it is recorded before.
void tsi_record_assertion(const char *claim, const char *file, unsigned line, const char *function);

#endif
