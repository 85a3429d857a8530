#define _GNU_SOURCE
#include "ignored.h"

#include <stddef.h>
#include <string.h>

// Each as the name of the file that runs and as the name it was called by. In the order of the groups:
// shells; wrappers of one command; launchers of parallel jobs; multiplexers and recorders; text tools that
// repeat what they read; builders and tools around a trainer.
static const char names[] =
    " sh bash dash zsh ksh ksh93 mksh fish tcsh csh busybox rbash"
    " env sudo su doas timeout nohup nice ionice chrt taskset numactl time stdbuf setsid setarch"
    " setpriv unshare nsenter chroot runuser flock xargs parallel watch entr direnv"
    " mpirun mpiexec mpiexec.hydra mpiexec.openmpi mpirun.openmpi orterun orted prterun prte prted"
    " hydra_pmi_proxy hydra_bstrap_proxy srun sbatch salloc slurmstepd torchrun accelerate deepspeed"
    " script scriptreplay screen tmux dtach expect unbuffer ssh sshd"
    " tee cat tac less more most head tail grep egrep fgrep zgrep rg sed awk gawk mawk nawk sort uniq"
    " wc cut paste tr nl fmt fold column pv ts jq diff cmp xxd od hexdump strings"
    " cp mv ls dd rsync scp tar gzip zcat zstd xz find make gmake cmake ninja git docker podman kubectl"
    " perf strace ltrace gdb nsys ncu rocprof trackshim ";

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static bool is_listed(const char *list, const char *separators, const char *name) {
  size_t size = strlen(name);
  while (size > 0 && *list != 0) {
    list += strspn(list, separators);
    size_t entry = strcspn(list, separators);
    if (entry == size && memcmp(list, name, size) == 0) return true;
    list += entry;
  }
  return false;
}

bool tsi_is_ignored(const char *program_path, const char *more) {
  const char *name = base_name(program_path);
  // A login shell calls itself -bash.
  if (*name == '-') name++;
  return is_listed(names, " ", name) || (more != NULL && is_listed(more, ", ", name));
}
