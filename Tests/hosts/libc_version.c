// Which C library it runs with.
#include <gnu/libc-version.h>
#include <stdio.h>

int main(void) { return puts(gnu_get_libc_version()) < 0; }
