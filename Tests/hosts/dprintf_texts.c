// Texts of dprintf that are harder to know than to print: long ones, errno's, those that say how far they got, and
// those that fail. What it returns and errno are printed at the end.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>
#include "metric.h"

static int answers[64][2], count;

#define NOTE(call)               \
  do {                           \
    errno = ENOTDIR;             \
    answers[count][0] = (call);  \
    answers[count++][1] = errno; \
  } while (0)

static void say(int fd, const char *format, ...) {
  va_list list;
  va_start(list, format);
  NOTE(vdprintf(fd, format, list));
  va_end(list);
}

// Around the sizes at which libc, or the library, has to do something else.
static void lengths(int fd) {
  static const int sizes[] = {1021, 1022, 1023, 1024, 2046, 2047, 2048, 4097, 20000};
  static char text[20001];
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    memset(text, 'a' + (int)i, sizeof text);
    for (int at = 90; at < sizes[i]; at += 91) text[at] = '\n';
    text[sizes[i]] = 0;
    say(fd, "%s\n", text);
  }
}

static void contents(int fd) {
  int before = 0, after = 0;
  NOTE(dprintf(fd, "errno is %m\n"));
  NOTE(dprintf(fd, "%s%n and further%n\n", "so far", &before, &after));
  NOTE(dprintf(fd, "turned %2$s %1$d\n", 5, "round"));
  const char *volatile none = NULL;
  NOTE(dprintf(fd, "wide %ls, none %s%s\n", L"\u00e9\u4e16", none, ""));
  NOTE(dprintf(fd, "%.40Lf %a %300d|\n", 1.25L, 0.1, 7));
  NOTE(dprintf(fd, "%s", ""));
  say(fd, "as a list %c%c\n", 'o', 'k');
  NOTE(before * 100 + after);
}

static void failures(void) {
  static const wchar_t broken[] = {0xd800, 0};
  NOTE(dprintf(99, "nowhere\n"));
  NOTE(dprintf(1, "%ls\n", broken));
}

int main(void) {
  setlocale(LC_ALL, "C.UTF-8");
  dprintf(1, STEP_FORMAT, 1, 4.5, 1.0, 1000);
  contents(1);
  contents(2);
  lengths(1);
  lengths(2);
  failures();
  dprintf(1, STEP_FORMAT, 2, 4.25, 1.0, 1000);
  for (int i = 0; i < count; i++) fprintf(stderr, "call %d: %d errno %d\n", i, answers[i][0], answers[i][1]);
  return 0;
}
