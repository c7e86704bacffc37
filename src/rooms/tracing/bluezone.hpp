#pragma once
// Bluezone's rolling identifiers and what a phone's sightings say about time spent together. Pure.
//
// Key chain (apps v2 and later): D(0) is the base key, D(n) = SHA-256(D(n-1)) for the n-th UTC day after the key was made;
// S(0) = SHA-256(D(n) || "bluzonesubkey") [sic], S(i) = SHA-256(S(i-1)); 96 slots of 15 minutes a day; the identifier (BLID) is 12 bytes of S(i).
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::tracing {

using Blid = std::array<std::uint8_t, 12>;
inline constexpr int slots_a_day = 96;
inline constexpr int slot_tolerance = 1;                 // clocks of phones differ; the app itself allows none and misses contacts
inline constexpr int key_age_days_max = 1500;            // longer than the app existed

/// 24 hex digits, any case. Failure tracing.blid_unreadable.
Result<Blid> parse_blid(std::string_view hex);
std::string to_hex_upper(const Blid& blid);
/// 64 hex digits. Failure tracing.base_key_unreadable.
Result<crypto::Hash256> parse_base_key(std::string_view hex);

/// Days since 1970-01-01 in UTC, and slots of 15 minutes since then.
std::int64_t utc_day(Instant t);
std::int64_t slot_of(Instant t);

/// The 96 identifiers of a UTC day. `made_at`: when the base key was made. Failure tracing.day_before_key.
Result<std::vector<Blid>> identifiers_of_day(const crypto::Hash256& base_key, Instant made_at, std::int64_t utc_day);

/// Waiting sightings by identifier, and who is behind them once a key arrives. Derives only the days, and of them only the slots, that
/// somebody waits for.
class Resolver {
 public:
  void wait_for(const Blid& blid, Instant seen_at);
  bool empty() const { return waiting_.empty(); }
  /// Identifiers of this key that somebody saw in the slot they were valid in, give or take the tolerance: [from, to).
  using Found = std::function<void(const Blid&, Instant from, Instant to)>;
  void find(const crypto::Hash256& base_key, Instant made_at, const Found& found) const;

 private:
  struct BlidHash {
    std::size_t operator()(const Blid& b) const;
  };
  std::unordered_map<Blid, std::vector<std::int64_t>, BlidHash> waiting_;   // slots in which it was seen
  std::map<std::int64_t, int> last_slot_of_day_;                            // UTC day -> last slot of it somebody waits for
};

enum class Platform { unknown, android, ios };
Platform parse_platform(std::string_view text);

/// One advertisement heard. rssi 0 and 127 mean that it was not measured.
struct Sighting {
  Instant at{};
  std::optional<int> rssi;
  Platform scanner = Platform::unknown, seen = Platform::unknown;
};
std::optional<int> known_rssi(std::int64_t raw);
/// At or above the threshold of the two platforms (about 2 m in the white paper); unmeasured counts as near.
bool is_near(const Sighting& sighting);

/// A phone listens for 40 s of every 300 s: a sighting stands for the cycle it was made in, and up to two cycles may be missed.
struct Episode {
  Instant from{}, to{};
  int sightings = 0;
  std::optional<int> rssi_best;
  friend bool operator==(const Episode&, const Episode&) = default;
};
inline constexpr std::chrono::minutes episode_gap_max{10};
inline constexpr std::chrono::minutes scan_cycle{5};
/// Of one pair of phones, heard from either side; any order.
std::vector<Episode> to_episodes(std::vector<Sighting> sightings);
/// Raw sightings are forgotten before the episodes made of them. `before`: the episodes of a pair as they stood; `sightings`: what is left of it, with what came
/// since. An episode that counted more sightings than are left in it is kept, and joined with what overlaps it; the others are made anew.
std::vector<Episode> to_episodes(std::vector<Sighting> sightings, const std::vector<Episode>& before);

}  // namespace motcua::tracing
