#define _GNU_SOURCE
#include "sandbox.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <string.h>

#include "include/ctrackshim.h"
#include "loss.h"
#include "note.h"
#include "rawio.h"
#include "settle.h"
#include "shield.h"
#include "tap.h"
#include "worker.h"

#if defined(__x86_64__)
static const uint32_t architecture = AUDIT_ARCH_X86_64;
#else
static const uint32_t architecture = AUDIT_ARCH_AARCH64;
#endif

// What tap.c, settle.c, note.c and the calls of trackshim.h make on a thread of the host's.
static const int on_hosts_threads[] = {
    SYS_futex,          SYS_getpid, SYS_gettid, SYS_sched_yield, SYS_process_vm_readv, SYS_newfstatat,
    SYS_rt_sigprocmask, SYS_ppoll,  SYS_write,  SYS_tgkill,      SYS_clock_gettime,    SYS_getcwd,
};

static const int on_ours[] = {
    SYS_futex,
    SYS_nanosleep,
    SYS_openat,
    SYS_close,
    SYS_pwrite64,
    SYS_pread64,
    SYS_read,
    SYS_write,
    SYS_ftruncate,
    SYS_mkdirat,
    SYS_newfstatat,
    SYS_statfs,
    SYS_fallocate,
    SYS_mmap,
    SYS_munmap,
    SYS_madvise,
    SYS_flock,
    SYS_unlinkat,
    SYS_renameat,
    SYS_symlinkat,
    SYS_readlinkat,
    SYS_uname,
    SYS_getrandom,
    SYS_getdents64,
    SYS_geteuid,
    SYS_getpid,
    SYS_gettid,
    SYS_fcntl,
    SYS_process_vm_readv,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_ppoll,
    SYS_prctl,
    SYS_close_range,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_exit,
    SYS_sigaltstack,
    SYS_set_robust_list,
    SYS_mprotect,
    SYS_rt_sigsuspend,
};

static const int on_drivers[] = {
    SYS_ioctl,           SYS_openat, SYS_close, SYS_read,       SYS_mmap,       SYS_munmap,
    SYS_mprotect,        SYS_futex,  SYS_fcntl, SYS_newfstatat, SYS_readlinkat, SYS_brk,
    SYS_sched_yield,     SYS_getpid, SYS_lseek, SYS_getdents64, SYS_mremap,     SYS_clock_gettime,
    SYS_clock_nanosleep, SYS_exit,
};

// ---- The filter's own language, as the kernel runs it -----------------------------------------------------

enum { MEMORY_WORDS = BPF_MEMWORDS, LONGEST_FILTER = BPF_MAXINSNS };

typedef struct {
  uint32_t a, x, memory[MEMORY_WORDS];
} machine;

static uint32_t computed(uint16_t operation, uint32_t a, uint32_t b) {
  switch (operation) {
    case BPF_ADD: return a + b;
    case BPF_SUB: return a - b;
    case BPF_MUL: return a * b;
    case BPF_DIV: return b == 0 ? 0 : a / b;
    case BPF_MOD: return b == 0 ? 0 : a % b;
    case BPF_AND: return a & b;
    case BPF_OR: return a | b;
    case BPF_XOR: return a ^ b;
    case BPF_LSH: return b < 32 ? a << b : 0;
    case BPF_RSH: return b < 32 ? a >> b : 0;
    default: return 0 - a;
  }
}

static bool holds(uint16_t operation, uint32_t a, uint32_t b) {
  switch (operation) {
    case BPF_JEQ: return a == b;
    case BPF_JGT: return a > b;
    case BPF_JGE: return a >= b;
    default: return (a & b) != 0;
  }
}

static uint32_t loaded(const machine *state, const struct sock_filter *step, const struct seccomp_data *call) {
  uint32_t word = 0;
  switch (BPF_MODE(step->code)) {
    case BPF_ABS:
      if (step->k <= sizeof *call - sizeof word) memcpy(&word, (const char *)call + step->k, sizeof word);
      return word;
    case BPF_MEM: return step->k < MEMORY_WORDS ? state->memory[step->k] : 0;
    case BPF_LEN: return sizeof *call;
    default: return step->k;
  }
}

static void store(machine *state, uint32_t where, uint32_t value) {
  if (where < MEMORY_WORDS) state->memory[where] = value;
}

// The answer to one call. A filter that runs off its end would not be taken by the kernel: as if it killed.
static uint32_t answer(const struct sock_filter *program, size_t size, const struct seccomp_data *call) {
  machine state = {0};
  for (size_t at = 0; at < size; at++) {
    const struct sock_filter *step = &program[at];
    uint32_t other = BPF_SRC(step->code) == BPF_X ? state.x : step->k;
    switch (BPF_CLASS(step->code)) {
      case BPF_LD: state.a = loaded(&state, step, call); break;
      case BPF_LDX: state.x = loaded(&state, step, call); break;
      case BPF_ST: store(&state, step->k, state.a); break;
      case BPF_STX: store(&state, step->k, state.x); break;
      case BPF_ALU: state.a = computed(BPF_OP(step->code), state.a, other); break;
      case BPF_JMP:
        if (BPF_OP(step->code) == BPF_JA)
          at += step->k;
        else
          at += holds(BPF_OP(step->code), state.a, other) ? step->jt : step->jf;
        break;
      case BPF_RET: return BPF_RVAL(step->code) == BPF_A ? state.a : step->k;
      default:
        if (BPF_MISCOP(step->code) == BPF_TAX)
          state.x = state.a;
        else
          state.a = state.x;
    }
  }
  return SECCOMP_RET_KILL_PROCESS;
}

// An error or a line in the system's log is no danger; a signal, a tracer or a supervisor is.
static bool is_harmless(uint32_t answer) {
  uint32_t action = answer & SECCOMP_RET_ACTION_FULL;
  return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG || action == SECCOMP_RET_ERRNO;
}

// `descriptor` for filters that look at the first argument.
static bool kills_any(const struct sock_filter *program, size_t size, const int *calls, size_t count,
                      uint64_t descriptor) {
  for (size_t i = 0; i < count; i++) {
    struct seccomp_data call = {.nr = calls[i], .arch = architecture, .args = {descriptor}};
    if (!is_harmless(answer(program, size, &call))) return true;
  }
  return false;
}

tsi_sandbox_verdict tsi_sandbox_ask(const struct sock_filter *program, size_t size) {
  if (size > LONGEST_FILTER) return (tsi_sandbox_verdict){false, false, false};
  return (tsi_sandbox_verdict){
      kills_any(program, size, on_hosts_threads, sizeof on_hosts_threads / sizeof *on_hosts_threads, 2),
      kills_any(program, size, on_ours, sizeof on_ours / sizeof *on_ours, 20),
      kills_any(program, size, on_drivers, sizeof on_drivers / sizeof *on_drivers, 20),
  };
}

// ---- What follows -------------------------------------------------------------------------------------------

static _Atomic bool is_silent;

bool tsi_sandbox_is_silent(void) { return atomic_load_explicit(&is_silent, memory_order_relaxed); }

static void say(const char *note, size_t size) {
  if (tsi_tap_is_claimed() && !tsi_settle_is_quiet()) tsi_note_write_here(note, size);
}

// Everything up to now comes into the journal; then the worker ends, and its uploader with it. What is printed after
// that is kept in the ring.
static void end_recording(void) {
  static const char note[] =
      "trackshim: the program forbids itself what the recording needs (seccomp), so it ends here; the program goes on, "
      "and `trackshim show` completes what is recorded\n";
  bool has_gone = tsi_settle_pause();
  say(note, sizeof note - 1);
  tsi_loss_of_recording();
  if (!has_gone) tsi_worker_dismiss();
  for (int look = 0; look < 2000 && (tsi_worker_is_there() || tsi_uploader_is_running()); look++) tsi_pause(1);
}

// A call that hangs in the driver is over already for the filter.
static void end_reading_of_gpus(void) {
  tsi_gpu_dismiss();
  for (int look = 0; look < 2000 && tsi_gpu_may_still_ask(); look++) tsi_pause(1);
}

void tsi_sandbox_prepare(tsi_sandbox_verdict verdict, bool everywhere) {
  if (!tsi_tap_is_own_process()) return;
  bool is_started = tsi_worker_is_started();
  if ((verdict.kills_drivers || verdict.kills_ours) && (everywhere || !is_started)) end_reading_of_gpus();
  if (verdict.kills_ours && is_started && everywhere && !tsi_loss_is_total()) end_recording();
  // A thread inherits the filter of the one that starts it.
  if ((verdict.kills_ours || verdict.kills_hosts_threads) && !is_started) tsi_tap_off();
  if (!verdict.kills_hosts_threads) return;
  tsi_shield_drop();
  atomic_store(&is_silent, true);
}
