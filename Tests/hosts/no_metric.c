// Much text, not one metric: such a program is no training and must leave no trace.
#include <stdio.h>

int main(void) {
  for (int i = 0; i < 300; i++) printf("line %d: loss is a word, step is another, 1/3 a number\n", i);
  fprintf(stderr, "[rank0] step    1/3: the loss of 4.500000 is told in words (1.000000 ms, 1000 tok/s)\n");
  return 2;
}
