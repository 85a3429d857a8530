// 64 bytes for each thread that are reached without a call, as in OpenMP runtimes and CUDA's libraries.
static __thread char block[64] __attribute__((tls_model("initial-exec")));

int use(void) {
  volatile char *bytes = block;
  for (int i = 0; i < 64; i++) bytes[i] = 1;
  return bytes[63];
}
