// Ends while its stderr takes nothing more, and has given cause for a note.
#include <fcntl.h>
#include <string.h>

#include "metric.h"

int main(void) {
  printf("loss: 0.5\n");
  for (int line = 0; line < 80; line++) printf("then 3 of %d were there, and %d more\n", line, line);
  fflush(stdout);
  settle_blindly();
  fcntl(2, F_SETFL, fcntl(2, F_GETFL) | O_NONBLOCK);
  char text[64];
  memset(text, '.', sizeof text);
  for (size_t size = sizeof text; size > 0; size /= 2)
    while (write(2, text, size) > 0) {
    }
  return 3;
}
