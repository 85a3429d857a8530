#include <stdlib.h>
#include <unistd.h>
#include <sys/syscall.h>
extern void tsi_core_main(void);
__attribute__((visibility("default"))) ssize_t write(int fd, const void *b, size_t n){ return syscall(SYS_write,fd,b,n);}
__attribute__((constructor)) static void boot(void){ if(getenv("TS_T")) tsi_core_main(); }
