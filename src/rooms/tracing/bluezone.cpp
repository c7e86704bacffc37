#include "rooms/tracing/bluezone.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "base/ids.hpp"

namespace motcua::tracing {
namespace {

constexpr std::array<std::size_t, 12> blid_offsets{0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30};
constexpr std::string_view slot_salt = "bluzonesubkey";   // as the app spells it
constexpr std::int64_t slot_ms = 15 * 60'000;
constexpr std::int64_t day_ms = 86'400'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

crypto::Hash256 first_slot(const crypto::Hash256& day_key) {
  std::array<std::uint8_t, 32 + slot_salt.size()> text;
  std::copy(day_key.begin(), day_key.end(), text.begin());
  std::copy(slot_salt.begin(), slot_salt.end(), text.begin() + 32);
  return crypto::sha256(std::span<const std::uint8_t>(text));
}
crypto::Hash256 hashed(const crypto::Hash256& h) { return crypto::sha256(std::span<const std::uint8_t>(h)); }

Blid blid_of(const crypto::Hash256& slot_key) {
  Blid b;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = slot_key[blid_offsets[i]];
  return b;
}

/// Least RSSI that is near: scanner's platform, then the seen one's. Unknown: the more generous of the two.
int near_rssi_min(Platform scanner, Platform seen) {
  constexpr int shipped_default = -88;
  switch (scanner) {
    case Platform::android: return seen == Platform::ios ? -69 : -86;
    case Platform::ios: return seen == Platform::ios ? -74 : -88;
    case Platform::unknown: break;
  }
  return shipped_default;
}

}  // namespace

Result<Blid> parse_blid(std::string_view hex) {
  Blid b;
  if (!from_hex(hex, b)) return invalid("tracing.blid_unreadable");
  return b;
}

std::string to_hex_upper(const Blid& blid) {
  std::string hex = to_hex(blid);
  for (char& c : hex) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return hex;
}

Result<crypto::Hash256> parse_base_key(std::string_view hex) {
  crypto::Hash256 key;
  if (!from_hex(hex, key)) return invalid("tracing.base_key_unreadable");
  return key;
}

std::int64_t utc_day(Instant t) { return floor_div(to_millis(t), day_ms); }
std::int64_t slot_of(Instant t) { return floor_div(to_millis(t), slot_ms); }

Result<std::vector<Blid>> identifiers_of_day(const crypto::Hash256& base_key, Instant made_at, std::int64_t day) {
  const std::int64_t first_day = utc_day(made_at);
  if (day < first_day || day - first_day > key_age_days_max) return invalid("tracing.day_before_key", "day");
  crypto::Hash256 day_key = base_key;
  for (std::int64_t d = first_day; d < day; ++d) day_key = hashed(day_key);
  std::vector<Blid> blids;
  crypto::Hash256 slot = first_slot(day_key);
  for (int i = 0; i < slots_a_day; ++i, slot = hashed(slot)) blids.push_back(blid_of(slot));
  return blids;
}

std::size_t Resolver::BlidHash::operator()(const Blid& b) const {
  std::size_t h = 0;
  std::memcpy(&h, b.data(), sizeof h);      // already random
  return h;
}

void Resolver::wait_for(const Blid& blid, Instant seen_at) {
  const std::int64_t slot = slot_of(seen_at);
  auto& slots = waiting_[blid];
  if (std::find(slots.begin(), slots.end(), slot) != slots.end()) return;
  slots.push_back(slot);
  for (std::int64_t s = slot - slot_tolerance; s <= slot + slot_tolerance; ++s) {
    const std::int64_t day = floor_div(s, slots_a_day);
    int& last = last_slot_of_day_[day];
    last = std::max(last, static_cast<int>(s - day * slots_a_day));
  }
}

void Resolver::find(const crypto::Hash256& base_key, Instant made_at, const Found& found) const {
  std::int64_t day = utc_day(made_at);
  const std::int64_t first_day = day;
  crypto::Hash256 day_key = base_key;
  for (auto wanted = last_slot_of_day_.lower_bound(first_day); wanted != last_slot_of_day_.end(); ++wanted) {
    if (wanted->first - first_day > key_age_days_max) return;
    for (; day < wanted->first; ++day) day_key = hashed(day_key);
    crypto::Hash256 slot = first_slot(day_key);
    for (int i = 0; i <= wanted->second; ++i, slot = hashed(slot)) {
      const auto waiting = waiting_.find(blid_of(slot));
      if (waiting == waiting_.end()) continue;
      const std::int64_t valid = day * slots_a_day + i;
      const auto fits = [&](std::int64_t seen) { return seen >= valid - slot_tolerance && seen <= valid + slot_tolerance; };
      if (std::any_of(waiting->second.begin(), waiting->second.end(), fits))
        found(waiting->first, from_millis((valid - slot_tolerance) * slot_ms), from_millis((valid + slot_tolerance + 1) * slot_ms));
    }
  }
}

Platform parse_platform(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "android") return Platform::android;
  if (lower == "ios" || lower == "iphone") return Platform::ios;
  return Platform::unknown;
}

std::optional<int> known_rssi(std::int64_t raw) {
  if (raw >= 0 || raw < -127) return std::nullopt;      // 0: iOS did not know; 127: Bluetooth's "not available"
  return static_cast<int>(raw);
}

bool is_near(const Sighting& s) { return !s.rssi || *s.rssi >= near_rssi_min(s.scanner, s.seen); }

std::vector<Episode> to_episodes(std::vector<Sighting> sightings) {
  std::erase_if(sightings, [](const Sighting& s) { return !is_near(s); });
  std::sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) { return a.at < b.at; });
  std::vector<Episode> episodes;
  for (const Sighting& s : sightings) {
    // `to` already holds the cycle after the last sighting
    if (episodes.empty() || s.at - (episodes.back().to - scan_cycle) > episode_gap_max) episodes.push_back({s.at, s.at, 0, {}});
    Episode& e = episodes.back();
    e.to = s.at + scan_cycle;
    ++e.sightings;
    if (s.rssi && (!e.rssi_best || *s.rssi > *e.rssi_best)) e.rssi_best = s.rssi;
  }
  return episodes;
}

std::vector<Episode> to_episodes(std::vector<Sighting> sightings, const std::vector<Episode>& before) {
  std::vector<Episode> all;
  for (const Episode& e : before)
    if (std::count_if(sightings.begin(), sightings.end(), [&](const Sighting& s) { return s.at >= e.from && s.at < e.to; }) < e.sightings) all.push_back(e);
  for (const Episode& e : to_episodes(std::move(sightings))) all.push_back(e);
  std::sort(all.begin(), all.end(), [](const Episode& a, const Episode& b) { return a.from < b.from; });
  std::vector<Episode> joined;
  for (const Episode& e : all) {
    if (joined.empty() || e.from >= joined.back().to) {
      joined.push_back(e);
      continue;
    }
    Episode& last = joined.back();
    last.to = std::max(last.to, e.to);
    last.sightings = std::max(last.sightings, e.sightings);
    if (e.rssi_best && (!last.rssi_best || *e.rssi_best > *last.rssi_best)) last.rssi_best = e.rssi_best;
  }
  return joined;
}

}  // namespace motcua::tracing
