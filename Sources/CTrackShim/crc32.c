// CRC-32 by carry-less multiplication: Gopal, Ozturk et al., "Fast CRC Computation for Generic Polynomials Using
// PCLMULQDQ Instruction" (Intel, 2009), with the constants it gives for the IEEE polynomial, reflected. C, because
// Swift cannot name the instruction, nor compile one function for processors that have it.
#include "include/ctrackshim.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

enum { UNKNOWN, ABSENT, PRESENT };

// Asked once: in a virtual machine the question itself takes microseconds.
static bool can_multiply(void) {
  static _Atomic int known = UNKNOWN;
  int answer = atomic_load_explicit(&known, memory_order_relaxed);
  if (answer == UNKNOWN) {
    unsigned a, b, c = 0, d;
    bool has_both = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_PCLMUL) && (c & bit_SSE4_1);
    answer = has_both ? PRESENT : ABSENT;
    atomic_store_explicit(&known, answer, memory_order_relaxed);
  }
  return answer == PRESENT;
}

// The remainder in `sum` goes as many bits on as `by` is for, and meets `next` there.
__attribute__((target("pclmul,sse4.1"))) static inline __m128i fold(__m128i sum, __m128i by, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(sum, by, 0x00), high = _mm_clmulepi64_si128(sum, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// 128 bits to 32: the paper's last steps, Barrett's reduction among them.
__attribute__((target("pclmul,sse4.1"))) static inline uint32_t reduce(__m128i sum, __m128i by_16) {
  const __m128i by_8 = _mm_set_epi64x(0, 0x163cd6124), reduction = _mm_set_epi64x(0x1f7011641, 0x1db710641);
  const __m128i halves = _mm_setr_epi32(~0, 0, ~0, 0);
  sum = _mm_xor_si128(_mm_srli_si128(sum, 8), _mm_clmulepi64_si128(sum, by_16, 0x10));
  sum = _mm_xor_si128(_mm_srli_si128(sum, 4), _mm_clmulepi64_si128(_mm_and_si128(sum, halves), by_8, 0x00));
  __m128i quotient = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(sum, halves), reduction, 0x10), halves);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(sum, _mm_clmulepi64_si128(quotient, reduction, 0x00)), 1);
}

// From `16 - n` on it moves a register's bytes `n` places up, from `16 + n` on as many down, with zeros behind them.
static const uint8_t moves[48] = {
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, // none
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,   //
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, // none
};

// The last bytes, less than 16. The remainder and they are taken for one text: as many of its first bytes as they are
// go 16 bytes on and meet the rest of it. They are loaded with those before them, which belong to the text as well.
__attribute__((target("pclmul,sse4.1"))) static inline __m128i fold_rest(__m128i sum, __m128i by_16, const void *end,
                                                                         size_t rest) {
  __m128i up = _mm_loadu_si128((const void *)(moves + rest)), down = _mm_loadu_si128((const void *)(moves + 16 + rest));
  __m128i last = _mm_loadu_si128((const __m128i *)end - 1);
  __m128i behind = _mm_and_si128(last, _mm_cmpgt_epi8(up, _mm_set1_epi8(-1)));
  return fold(_mm_shuffle_epi8(sum, up), by_16, _mm_or_si128(_mm_shuffle_epi8(sum, down), behind));
}

// `size` is 16 at least.
__attribute__((target("pclmul,sse4.1"))) static uint32_t multiply(uint32_t crc, const __m128i *from, size_t size) {
  const __m128i by_64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4), by_16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const __m128i *end = from + size / 16;
  __m128i sum = _mm_xor_si128(_mm_loadu_si128(from++), _mm_cvtsi32_si128((int)crc));
  if (end - from >= 7) {
    __m128i second = _mm_loadu_si128(from), third = _mm_loadu_si128(from + 1), fourth = _mm_loadu_si128(from + 2);
    for (from += 3; end - from >= 4; from += 4) {
      sum = fold(sum, by_64, _mm_loadu_si128(from));
      second = fold(second, by_64, _mm_loadu_si128(from + 1));
      third = fold(third, by_64, _mm_loadu_si128(from + 2));
      fourth = fold(fourth, by_64, _mm_loadu_si128(from + 3));
    }
    sum = fold(fold(fold(sum, by_16, second), by_16, third), by_16, fourth);
  }
  while (from < end) sum = fold(sum, by_16, _mm_loadu_si128(from++));
  if (size % 16 != 0) sum = fold_rest(sum, by_16, (const uint8_t *)end + size % 16, size % 16);
  return reduce(sum, by_16);
}

size_t tsi_crc32(uint32_t *crc, const void *bytes, size_t size) {
  if (size < 16 || !can_multiply()) return 0;
  *crc = multiply(*crc, bytes, size);
  return size;
}
#else
size_t tsi_crc32(uint32_t *crc, const void *bytes, size_t size) {
  (void)crc, (void)bytes, (void)size;
  return 0;
}
#endif
