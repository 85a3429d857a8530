// The task: equations `a + b = c` modulo 97, as files of tokens in the layout llm.c uses
// (1,024 bytes of header, then 16-bit tokens), eight tokens to an equation:
//
//     BOS a + b = c EOS EOS
//
// All 97 * 97 pairs exist once; half of them are shown in training. A network that only learns by
// heart does no better than chance on the other half: what it gets right there, it has understood.
#ifndef TRAIN_DATA_H
#define TRAIN_DATA_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PRIME = 97,
  PLUS = 97,
  EQUALS = 98,
  BOS = 99,
  EOS = 100, // the tokens after the numbers 0 … 96
  VOCAB = 101,
  SEQUENCE_LENGTH = 8,
  AT_A = 1,
  AT_B = 3,
  AT_ANSWER = 5,
  HEADER_INTS = 256,
  DATA_MAGIC = 20240520,
  DATA_VERSION = 1
};

// ---- Random numbers: splitmix64, whose whole state is one integer ----

typedef struct {
  uint64_t state;
} Random;

static uint64_t random_u64(Random *r) {
  uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// A stream of its own for each purpose and each moment: a resumed run then needs no saved state
// to see the same shuffles as one that was never interrupted.
static Random random_stream(uint64_t seed, uint64_t purpose, uint64_t moment) {
  Random r = {seed};
  r.state = random_u64(&r) ^ purpose;
  r.state = random_u64(&r) ^ moment;
  return r;
}

static double random_unit(Random *r) { return (double)(random_u64(r) >> 11) / 9007199254740992.0; }

static int random_below(Random *r, int n) { return (int)(random_u64(r) % (uint64_t)n); }

static void shuffle(int *items, int n, Random *r) {
  for (int i = n - 1; i > 0; i--) {
    int j = random_below(r, i + 1), swapped = items[i];
    items[i] = items[j];
    items[j] = swapped;
  }
}

// ---- Files and memory that either work or end the program ----

static FILE *open_or_exit(const char *path, const char *mode, const char *file, int line) {
  FILE *f = fopen(path, mode);
  if (f) return f;
  int reason = errno;
  fprintf(stderr, "Error: Failed to open file '%s' at %s:%d\n", path, file, line);
  fprintf(stderr, "Error details:\n  Mode: %s\n  Reason: %s\n", mode, strerror(reason));
  exit(1);
}
#define OPEN(path, mode) open_or_exit(path, mode, __FILE__, __LINE__)

static void read_or_exit(void *into, size_t size, size_t n, FILE *f, const char *path) {
  if (fread(into, size, n, f) == n) return;
  fprintf(stderr, "Error: File '%s' ends too early\n", path);
  exit(1);
}

static void write_or_exit(const void *from, size_t size, size_t n, FILE *f, const char *path) {
  if (fwrite(from, size, n, f) == n) return;
  fprintf(stderr, "Error: Failed to write file '%s': %s\n", path, strerror(errno));
  exit(1);
}

// What fwrite accepted may still be refused here, by a full disk for one.
static void close_or_exit(FILE *f, const char *path) {
  if (fclose(f) == 0) return;
  fprintf(stderr, "Error: Failed to close file '%s': %s\n", path, strerror(errno));
  exit(1);
}

static void *allocate_or_exit(size_t n, size_t size) {
  void *memory = calloc(n ? n : 1, size);
  if (memory) return memory;
  fprintf(stderr, "Error: Memory allocation failed (%zu * %zu bytes)\n", n, size);
  exit(1);
}

// ---- A file of equations ----

typedef struct {
  uint16_t *tokens;
  int count;          // equations
  int *order;         // in which to visit them
  long ordered_epoch; // the epoch `order` is for; -1: as in the file
} Dataset;

// Any token may be out of range in a file from elsewhere, and each of these is an index later.
static int is_equation(const uint16_t *e) { return e[AT_A] < VOCAB && e[AT_B] < VOCAB && e[AT_ANSWER] < VOCAB; }

static Dataset dataset_open(const char *path, int batch_size) {
  FILE *f = OPEN(path, "rb");
  int32_t header[HEADER_INTS];
  read_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  if (header[0] != DATA_MAGIC || header[1] != DATA_VERSION || header[2] < 0) {
    fprintf(stderr, "Bad magic, version or length in data file '%s'\n", path);
    exit(1);
  }
  Dataset d = {.count = header[2] / SEQUENCE_LENGTH, .ordered_epoch = -1};
  size_t tokens = (size_t)d.count * SEQUENCE_LENGTH;
  d.tokens = allocate_or_exit(tokens, sizeof *d.tokens);
  d.order = allocate_or_exit((size_t)d.count, sizeof *d.order);
  read_or_exit(d.tokens, sizeof *d.tokens, tokens, f, path);
  fclose(f);
  if (d.count < batch_size) {
    fprintf(stderr, "Error: File '%s' has %d sequences, a batch needs %d\n", path, d.count, batch_size);
    exit(1);
  }
  for (int i = 0; i < d.count; i++) {
    d.order[i] = i;
    if (is_equation(d.tokens + (size_t)i * SEQUENCE_LENGTH)) continue;
    fprintf(stderr, "Error: File '%s' has a token outside the vocabulary\n", path);
    exit(1);
  }
  return d;
}

static void dataset_close(Dataset *d) {
  free(d->tokens);
  free(d->order);
}

static void dataset_shuffle(Dataset *d, uint64_t seed, long epoch) {
  if (d->ordered_epoch == epoch) return;
  d->ordered_epoch = epoch;
  for (int i = 0; i < d->count; i++) d->order[i] = i;
  Random r = random_stream(seed, 'S', (uint64_t)epoch);
  shuffle(d->order, d->count, &r);
}

static const uint16_t *dataset_equation(const Dataset *d, int i) {
  return d->tokens + (size_t)d->order[i] * SEQUENCE_LENGTH;
}

// ---- Making the files ----

static void write_equations(const char *path, const int *pairs, int n) {
  FILE *f = OPEN(path, "wb");
  int32_t header[HEADER_INTS] = {DATA_MAGIC, DATA_VERSION, n * SEQUENCE_LENGTH};
  write_or_exit(header, sizeof *header, HEADER_INTS, f, path);
  for (int i = 0; i < n; i++) {
    int a = pairs[i] / PRIME, b = pairs[i] % PRIME;
    uint16_t e[SEQUENCE_LENGTH] = {BOS, (uint16_t)a, PLUS, (uint16_t)b, EQUALS, (uint16_t)((a + b) % PRIME), EOS, EOS};
    write_or_exit(e, sizeof *e, SEQUENCE_LENGTH, f, path);
  }
  close_or_exit(f, path);
}

static void path_in(char *out, size_t size, const char *dir, const char *name) {
  if (snprintf(out, size, "%s/%s", dir, name) < (int)size) return;
  fprintf(stderr, "Error: the path of the folder is too long\n");
  exit(1);
}

// Half of the pairs to train, a quarter each to validate and to test.
static void make_equation_files(const char *dir, uint64_t seed) {
  enum { PAIRS = PRIME * PRIME, TRAIN = PAIRS / 2, VAL = PAIRS / 4 };
  static int pairs[PAIRS];
  for (int i = 0; i < PAIRS; i++) pairs[i] = i;
  Random r = random_stream(seed, 'D', 0);
  shuffle(pairs, PAIRS, &r);
  char path[4096];
  path_in(path, sizeof path, dir, "train.bin");
  write_equations(path, pairs, TRAIN);
  path_in(path, sizeof path, dir, "val.bin");
  write_equations(path, pairs + TRAIN, VAL);
  path_in(path, sizeof path, dir, "test.bin");
  write_equations(path, pairs + TRAIN + VAL, PAIRS - TRAIN - VAL);
}

#endif
