// A program that uses OpenSSL itself, and so has OpenSSL's exit handler, which leaves nothing that could speak TLS.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// One word: how many microseconds lie between two lines.
int main(int count, char **words) {
  int pause = count > 1 ? atoi(words[1]) : 3000;
  void *library = dlopen("libssl.so.3", RTLD_NOW);
  if (!library) library = dlopen("libssl.so.1.1", RTLD_NOW);
  if (!library) return 77;
  const void *(*method)(void) = (const void *(*)(void))dlsym(library, "TLS_client_method");
  void *(*create)(const void *) = (void *(*)(const void *))dlsym(library, "SSL_CTX_new");
  if (!method || !create || !create(method())) return 77;
  for (int i = 1; i <= 30; i++) {
    printf("step %4d/30: train loss %f (1.000000 ms, 1001 tok/s)\n", i, 4.0 / i);
    fflush(stdout);
    usleep(pause);
  }
  return 0;
}
