// Wide output goes through another jump table and is converted on the way.
#include <locale.h>
#include <stdio.h>
#include <wchar.h>

int main(void) {
  setlocale(LC_ALL, "C.UTF-8");
  for (int step = 1; step <= 3; step++)
    wprintf(L"step %4d/3: train loss %.6f (%.6f ms, %d tok/s)\n", step, 4.5 / step, 1.0, 1000);
  for (int line = 0; line < 200; line++) fputws(L"Gr\u00fc\u00dfe \u4e16\u754c \U0001f600\n", stdout);
  putwchar(L'\u00e9');
  putwchar(L'\n');
  return 0;
}
