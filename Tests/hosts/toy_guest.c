// A guest that records what a host hands to write(1, ...), and nothing else: the smallest that the
// runner can pass. With a -D it records wrongly in one way, and the runner must notice.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned char journal[1 << 20] = ":W&B\xe1\xbe";
static size_t used = 7;

static uint32_t checksum(const unsigned char *bytes, size_t count) {
  uint32_t crc = ~0u;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

// One record of fewer than 128 bytes: its field's tag, then the message. No block is ever full.
static void record(const char *tag, const char *message, size_t length) {
  unsigned char *chunk = journal + used;
  size_t tag_length = strlen(tag), total = tag_length + 1 + length;
  if (length > 127 || used + total + 7 > 32768) return;
  chunk[4] = (unsigned char)total;
  chunk[5] = 0;
  chunk[6] = 1;
  memcpy(chunk + 7, tag, tag_length);
  chunk[7 + tag_length] = (unsigned char)length;
  memcpy(chunk + 8 + tag_length, message, length);
  uint32_t crc = checksum(chunk + 6, total + 1);
  memcpy(chunk, &crc, 4);
  used += total + 7;
}

// In parts that fit: a reader of the console log joins them.
static void record_text(const char *text, size_t length) {
  while (length > 0) {
    size_t part = length < 100 ? length : 100;
    char message[128] = {0x08, 1, 0x1a, (char)part};
    memcpy(message + 4, text, part);
    record("\x6a", message, part + 4);
    text += part;
    length -= part;
  }
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
  ssize_t result = real(fd, bytes, count);
  if (fd == 1 && result > 0) {
#if defined(FORGETS_A_LINE)
    if (memmem(bytes, count, "and a line", 10)) return result;
#endif
    record_text(bytes, (size_t)result);
#if defined(RECORDS_TWICE)
    record_text(bytes, (size_t)result);
#endif
  }
  return result;
}

static void finish(int status, void *unused) {
  char path[4096], message[2] = {0x08, (char)status};
  const char *folder = getenv("TRACKSHIM_DIR");
  (void)unused;
#if defined(RETURNS_ANOTHER_CODE)
  message[1]++;
#endif
#if !defined(FORGETS_THE_END)
  record("\x92\x01", message, 2);
#endif
  const char *parts[] = {"", "/wandb", "/wandb/offline-run-0-toy", "/wandb/offline-run-0-toy/run-toy.wandb"};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s%s", folder, parts[i]);
    mkdir(path, 0755);
  }
  snprintf(path, sizeof path, "%s%s", folder, parts[3]);
  int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
#if defined(CUTS_THE_JOURNAL)
  used -= 3;
#elif defined(SPOILS_A_BYTE)
  journal[40] ^= 1;
#endif
  if (write(file, journal, used) > 0) close(file);
}

__attribute__((constructor)) static void start(void) {
  record("\x8a\x01", "\x0a\x03toy\x1a\x04test", 11);
  on_exit(finish, NULL);
}
