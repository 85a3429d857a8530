// System calls of our own, made without the libc names: those may be interposed, by ourselves too.
#ifndef TSI_RAWIO_H
#define TSI_RAWIO_H

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
// Returns what the kernel returns: -errno on failure. errno itself is not touched.
static inline long tsi_syscall6(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
static inline long tsi_syscall6(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#else
#error "TrackShim knows the system calls of x86-64 and AArch64 only"
#endif

#define TSI_ARG(x) ((long)(intptr_t)(x))
#define tsi_sys1(n, a) tsi_syscall6(n, TSI_ARG(a), 0, 0, 0, 0, 0)
#define tsi_sys2(n, a, b) tsi_syscall6(n, TSI_ARG(a), TSI_ARG(b), 0, 0, 0, 0)
#define tsi_sys3(n, a, b, c) tsi_syscall6(n, TSI_ARG(a), TSI_ARG(b), TSI_ARG(c), 0, 0, 0)
#define tsi_sys4(n, a, b, c, d) tsi_syscall6(n, TSI_ARG(a), TSI_ARG(b), TSI_ARG(c), TSI_ARG(d), 0, 0)
#define tsi_sys6(n, a, b, c, d, e, f) \
  tsi_syscall6(n, TSI_ARG(a), TSI_ARG(b), TSI_ARG(c), TSI_ARG(d), TSI_ARG(e), TSI_ARG(f))

// Names this process's memory to process_vm_readv; the main thread's number would not do once it has left
// by pthread_exit.
static inline int32_t tsi_thread(void) { return (int32_t)tsi_syscall6(SYS_gettid, 0, 0, 0, 0, 0, 0); }

#endif
