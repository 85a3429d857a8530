// What would have the command ask for a newer glibc than the library does. Swift's Glibc module names hypotf, which
// is linked to the version that came with glibc 2.35; nobody here calls it. RHEL 9 has 2.34. (The library's own case
// is in preload/swift_runtime.c.)
float hypotf(float x, float y);
__attribute__((visibility("hidden"))) float hypotf(float x, float y) {
  return (float)__builtin_sqrt((double)x * (double)x + (double)y * (double)y);
}
