// Notes to the user on the host's fd 2.
//
// The worker has no descriptor of the host, on purpose: one that it kept would hold the host's stderr
// pipe open after the host closed it. It borrows fd 2 for each note (pidfd_getfd; our own process needs
// no permission for that) and writes only what goes without waiting: a reader that has stopped must not stop us.
#include <poll.h>

#include "note.h"

#include "include/ctrackshim.h"
#include "rawio.h"
#include "tap.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

// Writes nothing into a file that only got the number 2; the note is then as good as written.
static bool write_without_waiting(int fd, const char *text, size_t size, bool anywhere) {
  if (!tsi_tap_is_programs_stderr(fd)) return true;
  struct pollfd ready = {fd, POLLOUT, 0};
  struct {
    int64_t seconds, nanoseconds;
  } now = {0, 0};
  if (tsi_sys6(SYS_ppoll, &ready, 1, &now, 0, 0, 0) != 1 || !(ready.revents & POLLOUT)) return false;
  // As late as can be: the program may just be writing a line in pieces.
  if (!anywhere && !tsi_tap_is_at_line_start()) return false;
  // A pipe that is ready takes PIPE_BUF bytes at once, and a note is shorter.
  return tsi_sys3(SYS_write, fd, text, size) >= 0;
}

bool tsi_note_write_here(const char *text, size_t size) { return write_without_waiting(2, text, size, true); }

bool tsi_note_write(const char *text, size_t size, bool anywhere) {
  if (!tsi_worker_has_own_files()) return write_without_waiting(2, text, size, anywhere);
  long process = tsi_sys2(SYS_pidfd_open, tsi_process(), 0);
  if (process < 0) return false;
  long fd = tsi_sys3(SYS_pidfd_getfd, process, 2, 0);
  tsi_sys1(SYS_close, process);
  if (fd < 0) return false;
  bool written = write_without_waiting((int)fd, text, size, anywhere);
  tsi_sys1(SYS_close, fd);
  return written;
}
