// Which cards there are and in which order is as ROCm's library (librocm_smi64) has it, since W&B's client asks that:
// all whose PCI vendor is AMD, by PCI address, from 0 on.
#include "amd_cards.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "include/ctrackshim.h"
#include "rawio.h"

static const char vendor[] = "0x1002";
// What is in the folder of all cards. Only ever one thread is here: the worker asks before it starts the other.
static char names[16384];

// ---- Which -------------------------------------------------------------------------------------------------

// `card0` is a card, `card0-DP-1` where a monitor is plugged in.
static bool is_card(const char *name, uint32_t *number) {
  uint32_t value = 0;
  if (strncmp(name, "card", 4) != 0 || name[4] == 0 || strlen(name) > 4 + 6) return false;
  for (const char *digit = name + 4; *digit != 0; digit++) {
    if (*digit < '0' || *digit > '9') return false;
    value = value * 10 + (uint32_t)(*digit - '0');
  }
  *number = value;
  return true;
}

static bool put_path(char path[PATH_MAX], const char *root, const char *name, const char *rest) {
  int size = snprintf(path, PATH_MAX, "%s/class/drm/%s%s", root, name, rest);
  return size > 0 && size < PATH_MAX;
}

// Read in a way that waits for nothing: the worker asks this too.
static bool is_amds(const char *root, const char *name) {
  char path[PATH_MAX], text[8] = "";
  if (!put_path(path, root, name, "/device/vendor")) return false;
  return tsi_read_file(path, text, sizeof text) >= (int64_t)sizeof vendor && !memcmp(text, vendor, sizeof vendor - 1) &&
         text[sizeof vendor - 1] == '\n';
}

static int64_t list_cards(const char *root) {
  char path[PATH_MAX];
  return put_path(path, root, "", "") ? tsi_list(path, names, sizeof names) : -1;
}

bool tsi_amd_is_here(const char *root) {
  uint32_t number;
  int64_t size = list_cards(root);
  for (int64_t at = 0; at < size; at += (int64_t)strlen(names + at) + 1)
    if (is_card(names + at, &number) && is_amds(root, names + at)) return true;
  return false;
}

bool tsi_amd_is_there(const tsi_amd_card *card) {
  char text[8];
  return tsi_amd_read(card->device, "vendor", text, sizeof text) && strcmp(text, vendor) == 0;
}

// ---- What is known of one ----------------------------------------------------------------------------------

// The last part of where the link leads: 0000:03:00.0
static void find_address(const char *path, tsi_amd_card *card) {
  char target[PATH_MAX];
  int64_t size = tsi_readlink(path, target, sizeof target - 1);
  if (size <= 0) return;
  target[size] = 0;
  const char *slash = strrchr(target, '/');
  snprintf(card->address, sizeof card->address, "%s", slash != NULL ? slash + 1 : target);
}

// A card's sensors are numbered by the kernel together with those of the rest of the machine.
static int find_monitor(const char *device) {
  char path[PATH_MAX], entries[1024], name[16];
  int size = snprintf(path, sizeof path, "%s/hwmon", device);
  if (size < 0 || (size_t)size >= sizeof path) return -1;
  size_t room = sizeof path - (size_t)size;
  int64_t end = tsi_list(path, entries, sizeof entries);
  for (int64_t at = 0; at < end; at += (int64_t)strlen(entries + at) + 1) {
    if (entries[at] == '.' || snprintf(path + size, room, "/%s", entries + at) >= (int)room) continue;
    int folder = tsi_amd_open_folder(path);
    if (tsi_amd_read(folder, "name", name, sizeof name) && (!strcmp(name, "amdgpu") || !strcmp(name, "radeon")))
      return folder;
    if (folder >= 0) tsi_close(folder);
  }
  return -1;
}

// W&B's client shows the memory's temperature, and the power that the card takes now where the driver tells both.
static void find_sensors(tsi_amd_card *card) {
  char name[16], label[16];
  for (int sensor = 1; sensor <= 7; sensor++) {
    snprintf(name, sizeof name, "temp%d_label", sensor);
    if (!tsi_amd_read(card->monitor, name, label, sizeof label) || strcmp(label, "mem") != 0) continue;
    snprintf(card->temperature_file, sizeof card->temperature_file, "temp%d_input", sensor);
    break;
  }
  card->has_power_now = tsi_amd_read(card->monitor, "power1_label", label, sizeof label) && !strcmp(label, "PPT");
}

static const struct {
  const char *file;
  bool is_sensors;
} said[TSI_AMD_TEXTS] = {
    [TSI_AMD_UNIQUE_ID] = {"unique_id", false},
    [TSI_AMD_VBIOS] = {"vbios_version", false},
    [TSI_AMD_PERFORMANCE] = {"power_dpm_force_performance_level", false},
    [TSI_AMD_CORE_OVERDRIVE_TEXT] = {"pp_sclk_od", false},
    [TSI_AMD_MEMORY_OVERDRIVE_TEXT] = {"pp_mclk_od", false},
    [TSI_AMD_POWER_LIMIT_TEXT] = {"power1_cap", true},
    [TSI_AMD_PRODUCT] = {"product_name", false},
    [TSI_AMD_DEVICE_ID] = {"device", false},
};

static void describe(const tsi_amd_card *card, char texts[TSI_AMD_TEXTS][TSI_AMD_TEXT_ROOM]) {
  for (int i = 0; i < TSI_AMD_TEXTS; i++)
    tsi_amd_read(said[i].is_sensors ? card->monitor : card->device, said[i].file, texts[i], TSI_AMD_TEXT_ROOM);
}

// ---- All of them -------------------------------------------------------------------------------------------

// Addresses are as long as each other unless one has a longer domain, which is then the greater.
static bool is_before(const tsi_amd_card *a, const tsi_amd_card *b) {
  size_t length = strlen(a->address), other = strlen(b->address);
  int order = length != other ? (length < other ? -1 : 1) : strcmp(a->address, b->address);
  return order != 0 ? order < 0 : a->number < b->number;
}

static void put_in_order(tsi_amd_cards *cards, const tsi_amd_card *card) {
  uint32_t place = cards->count++;
  for (; place > 0 && is_before(card, &cards->cards[place - 1]); place--) cards->cards[place] = cards->cards[place - 1];
  cards->cards[place] = *card;
}

void tsi_amd_find(const char *root, tsi_amd_cards *cards) {
  char path[PATH_MAX];
  int64_t size = list_cards(root);
  for (int64_t at = 0; at < size && cards->count < TSI_AMD_LIMIT; at += (int64_t)strlen(names + at) + 1) {
    tsi_amd_card card = {.device = -1, .monitor = -1};
    if (!is_card(names + at, &card.number) || !is_amds(root, names + at)) continue;
    if (!put_path(path, root, names + at, "/device")) continue;
    card.device = tsi_amd_open_folder(path);
    if (card.device < 0) continue;
    find_address(path, &card);
    card.monitor = find_monitor(path);
    find_sensors(&card);
    put_in_order(cards, &card);
  }
  for (uint32_t i = 0; i < cards->count; i++) describe(&cards->cards[i], cards->texts[i]);
}
