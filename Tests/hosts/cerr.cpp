// Metrics on std::cerr: whole lines, or with -DPIECES one system call for each <<.
#include <iostream>
#include "metric.h"

int main() {
  std::cout << "the log is on the other stream\n";
  for (int step = 1; step <= 3; step++) {
#ifdef PIECES
    std::cerr << "step    " << step << "/3: train loss " << 4.5 << " (" << 1 << " ms, " << 1000 << " tok/s)\n";
#else
    std::cerr << STEP(1);
#endif
  }
  std::clog << "and std::clog" << std::endl;
  return 0;
}
