// The fmt library writes to stdout's FILE by itself.
#define FMT_HEADER_ONLY
#include <fmt/core.h>

int main() {
  for (int step = 1; step <= 3; step++)
    fmt::print("step {:4}/3: train loss {:.6f} ({:.6f} ms, {} tok/s)\n", step, 4.5, 1.0, 1000);
  fmt::print("text of {} and {}\n", "fmt", 2);
  fmt::print(stderr, "and stderr\n");
}
