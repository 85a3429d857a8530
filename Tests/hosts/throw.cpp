// An exception nobody catches: std::terminate speaks on stderr, then abort.
#include <cstdio>
#include <stdexcept>
#include "metric.h"

int main() {
  std::printf(STEP(1));
  std::fflush(stdout);
  std::printf(STEP(2));
  throw std::runtime_error("nobody catches this");
}
