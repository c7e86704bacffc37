// Bluezone: keys, rolling identifiers and sightings as the app of 2020 made them (key chain of SHA-256, 96 slots a UTC day).
#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "app/simulate_world.hpp"
#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::app::town {
namespace {

constexpr double share_uploading = 0.08;           // of app users, beside the cases
constexpr double share_without_key = 0.05;         // registered, but the server holds no key of theirs
constexpr double share_one_sided = 0.25;           // a phone in the background does not hear the other
constexpr std::int64_t scan_cycle_s = 300, scan_s = 40, slot_s = 900, seconds_a_day = 86'400;
constexpr std::int64_t clock_skew_max_s = 90;
constexpr std::array<int, 12> blid_offsets{0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30};

std::int64_t day_of(std::int64_t second) { return second / seconds_a_day; }

std::string upper_hex(std::span<const std::uint8_t> bytes) {
  auto text = to_hex(bytes);
  for (auto& c : text)
    if (c >= 'a') c = static_cast<char>(c - 32);
  return text;
}

/// One phone's app.
struct App {
  crypto::Hash256 base{}, day{};
  std::int64_t since = 0, day_number = 0;          // UTC days; `day` is the key of `day_number`
  Minute registered = 0;
  std::int64_t skew_s = 0;
  bool key_known = true, uploads = false;
};

class Bluezone {
 public:
  explicit Bluezone(World& world) : w_(world), random_(world.random.split("bluezone")) {}

  App& app_of(Index person) {
    auto [at, is_new] = apps_.try_emplace(person);
    auto& app = at->second;
    if (!is_new) return app;
    auto random = random_.split("app", person);
    for (auto& byte : app.base) byte = static_cast<std::uint8_t>(random.below(256));
    app.registered = w_.first_midnight - random.between(20, 400) * day_minutes + random.between(0, day_minutes - 1);
    app.since = app.day_number = day_of(app.registered * 60);
    app.day = app.base;
    app.skew_s = random.between(-clock_skew_max_s, clock_skew_max_s);
    app.uploads = random.chance(share_uploading);
    app.key_known = !random.chance(share_without_key);
    return app;
  }

  /// The twelve bytes this phone sends at that moment, by its own clock.
  std::string blid(App& app, std::int64_t second) {
    second += app.skew_s;
    auto day = day_of(second);
    if (day < app.day_number) app.day = app.base, app.day_number = app.since;
    for (; app.day_number < day; ++app.day_number) app.day = crypto::sha256(std::span<const std::uint8_t>(app.day));
    static constexpr std::string_view label = "bluzonesubkey";  // the app's own spelling
    std::vector<std::uint8_t> seed(app.day.begin(), app.day.end());
    seed.insert(seed.end(), label.begin(), label.end());
    auto slot = crypto::sha256(std::span<const std::uint8_t>(seed));
    for (auto i = second % seconds_a_day / slot_s; i > 0; --i) slot = crypto::sha256(std::span<const std::uint8_t>(slot));
    std::array<std::uint8_t, 12> id;
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = slot[static_cast<std::size_t>(blid_offsets[i])];
    return upper_hex(id);
  }

  void write_users() {
    for (Index i = 0; i < w_.town.people.size(); ++i) {
      if (!w_.town.people[i].app) continue;
      auto& app = app_of(i);
      auto phone = "+84" + plain_phone(w_.town.people[i].phone).substr(1);
      w_.files.users.row({phone, app.key_known || app.uploads ? to_hex(app.base) : "", iso_minute(app.registered)});
      w_.files.persons.row({"bluezone-users", phone, person_id(i)});
      if (!app.uploads && apps_.size() > apps_kept_max) apps_.erase(i);
    }
  }

  void write_meeting(const Meeting& m) {
    bool seen = write_side(m, m.a, m.b);
    seen = write_side(m, m.b, m.a) || seen;
    if (seen && !m.far) write_contact(w_, m.a, m.b, m.start, m.minutes, "proximity");
  }

 private:
  static constexpr std::size_t apps_kept_max = 100'000;   // as many apps as fit in about 20 MB

  /// What `reporter` uploaded of `other`; true when somebody can tell who it was.
  bool write_side(const Meeting& m, Index reporter, Index other) {
    auto& mine = app_of(reporter);
    if (!mine.uploads) return false;
    auto& theirs = app_of(other);
    auto random = random_.split("meeting", static_cast<std::uint64_t>(m.start) * 1'000'003 + reporter);
    if (random.chance(share_one_sided)) return false;
    bool ios = w_.town.people[reporter].ios, other_ios = w_.town.people[other].ios;
    bool written = false;
    for (auto at = m.start * 60 + random.between(0, scan_cycle_s / 2); at < (m.start + m.minutes) * 60; at += scan_cycle_s)
      for (int n = 1 + static_cast<int>(random.below(2)); n > 0; --n) written |= write_sighting(mine, theirs, reporter, ios, other_ios, m.far, at + random.between(0, scan_s), random);
    return written && (theirs.key_known || theirs.uploads);
  }

  bool write_sighting(App& mine, App& theirs, Index reporter, bool ios, bool other_ios, bool far, std::int64_t at, Prng& random) {
    // Near by the app's own thresholds: Android hears Android at -86, iOS at -69; iOS hears Android at -88, iOS at -74.
    auto threshold = ios ? (other_ios ? -74 : -88) : (other_ios ? -69 : -86);
    auto rssi = far ? random.between(-104, -97) : random.between(threshold + 2, threshold + 22);
    auto text = ios && !far && random.chance(0.03) ? std::string("0") : std::to_string(rssi);
    auto shown = at + mine.skew_s;
    auto stamp = ios ? std::to_string(shown) : std::to_string(shown * 1000 + static_cast<std::int64_t>(random.below(1000)));
    w_.files.trace.row({"+84" + plain_phone(w_.town.people[reporter].phone).substr(1), ios ? "ios" : "android", blid(mine, at), blid(theirs, at), text,
                        other_ios ? "" : "12", stamp});
    return true;
  }

  World& w_;
  Prng random_;
  std::unordered_map<Index, App> apps_;
};

}  // namespace

void write_bluezone(World& world, const Outbreak& outbreak, std::vector<Meeting>& meetings) {
  Bluezone bluezone(world);
  for (const auto& c : outbreak.cases())
    if (world.town.people[c.person].app && c.sampled != 0 && c.sampled < world.end()) bluezone.app_of(c.person).uploads = true;
  bluezone.write_users();
  std::sort(meetings.begin(), meetings.end(), [](const Meeting& x, const Meeting& y) { return std::tie(x.start, x.a, x.b) < std::tie(y.start, y.a, y.b); });
  for (const auto& meeting : meetings) bluezone.write_meeting(meeting);
}

}  // namespace motcua::app::town
