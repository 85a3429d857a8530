// Replacing the program: the run is brought to a close first, and goes on if the call fails.
// Only the calls that libc makes through one of these two names are its own; the l-forms are built here.
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "next.h"
#include "tap.h"
#include "worker.h"

extern char **environ;

static void leave(void) {
  int before = errno;
  tsi_settle(TSI_SETTLE_LEAVE, 0);
  errno = before;
}

TSI_NEXT(execve);
TSI_EXPORT int execve(const char *path, char *const arguments[], char *const environment[]) {
  leave();
  return TSI_FIND(execve)(path, arguments, environment);
}

TSI_NEXT(execv);
TSI_EXPORT int execv(const char *path, char *const arguments[]) {
  leave();
  return TSI_FIND(execv)(path, arguments);
}

TSI_NEXT(execvp);
TSI_EXPORT int execvp(const char *file, char *const arguments[]) {
  leave();
  return TSI_FIND(execvp)(file, arguments);
}

TSI_NEXT(execvpe);
TSI_EXPORT int execvpe(const char *file, char *const arguments[], char *const environment[]) {
  leave();
  return TSI_FIND(execvpe)(file, arguments, environment);
}

TSI_NEXT(fexecve);
TSI_EXPORT int fexecve(int fd, char *const arguments[], char *const environment[]) {
  leave();
  return TSI_FIND(fexecve)(fd, arguments, environment);
}

TSI_NEXT(execveat);
TSI_EXPORT int execveat(int fd, const char *path, char *const arguments[], char *const environment[], int flags) {
  leave();
  if (TSI_FIND(execveat) == NULL) {
    errno = ENOSYS;
    return -1;
  }
  return TSI_FIND(execveat)(fd, path, arguments, environment, flags);
}

// The l-forms: their arguments are counted, then stand in an array on the caller's stack, as in libc.
static size_t count_arguments(const char *first, va_list *rest) {
  size_t count = 0;
  for (const char *next = first; next != NULL; next = va_arg(*rest, const char *)) count++;
  return count;
}

#define COLLECT_ARGUMENTS(first)                \
  va_list rest;                                 \
  va_start(rest, first);                        \
  size_t count = count_arguments(first, &rest); \
  va_end(rest);                                 \
  char *arguments[count + 1];                   \
  va_start(rest, first);                        \
  arguments[0] = (char *)first;                 \
  for (size_t i = 1; i <= count; i++) arguments[i] = va_arg(rest, char *);

TSI_EXPORT int execl(const char *path, const char *first, ...) {
  COLLECT_ARGUMENTS(first)
  va_end(rest);
  return execv(path, arguments);
}

TSI_EXPORT int execlp(const char *file, const char *first, ...) {
  COLLECT_ARGUMENTS(first)
  va_end(rest);
  return execvp(file, arguments);
}

TSI_EXPORT int execle(const char *path, const char *first, ...) {
  COLLECT_ARGUMENTS(first)
  char **environment = va_arg(rest, char **);
  va_end(rest);
  return execve(path, arguments, environment);
}
