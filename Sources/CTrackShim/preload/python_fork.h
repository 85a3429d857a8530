#ifndef TSI_PYTHON_FORK_H
#define TSI_PYTHON_FORK_H

// CPython counts the threads of a process that forks, from 3.12 on, and warns on stderr where there is more than one.
// In such a host the worker goes before a fork and comes back with the next output.
void tsi_python_fork_watch(void);

#endif
