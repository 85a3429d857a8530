// Prints nothing and stays for as long as it is told: silent MS. What a program has of a library that does nothing.
#include "figures.h"

int main(int argc, char **argv) {
  sleep_ms(argc > 1 ? atol(argv[1]) : 1000);
  return 0;
}
