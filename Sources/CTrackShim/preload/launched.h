#ifndef TSI_LAUNCHED_H
#define TSI_LAUNCHED_H

// `trackshim run` replaces itself by the command, so nobody stays behind to say that nothing was recognised.
// The process it became says so itself, when it ends by exit().
void tsi_launched_load(void);
void tsi_launched_report(void);

#endif
