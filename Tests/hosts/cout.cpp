// iostreams; with -DUNSYNCED they bypass stdio altogether.
#include <iomanip>
#include <iostream>
#include "metric.h"

int main() {
#ifdef UNSYNCED
  std::ios::sync_with_stdio(false);
#endif
  std::cout << CONFIG_ROW;
  for (int step = 1; step <= 3; step++) {
    std::cout << "step " << std::setw(4) << step << "/3: train loss " << std::fixed << 4.5 / step << " (" << 1.0
              << " ms, " << 1000 << " tok/s)\n";
    for (int line = 0; line < 50; line++) std::cout << "line " << line << " of " << step << ", and more text\n";
    std::cout << "flushed" << std::endl;
  }
  std::cout << "left in the buffer\n";
  return 0;
}
