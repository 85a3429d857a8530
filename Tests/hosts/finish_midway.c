// trackshim_finish, and then it goes on: 40 steps, finish(0), 60 steps more.
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  int (*finish)(int) = (int (*)(int))dlsym(RTLD_DEFAULT, "trackshim_finish");
  for (int i = 1; i <= 100; i++) {
    printf("step %4d/100: train loss %f (1.000000 ms, 1001 tok/s)\n", i, 4.0 / i);
    fflush(stdout);
    if (i == 40 && finish) finish(0);
    usleep(10000);
  }
  return 0;
}
