#include "rooms/tracing/proximity.hpp"

#include <algorithm>
#include <optional>

#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/tracing/store_consent.hpp"

namespace motcua::tracing {
namespace {

constexpr std::size_t portion_max = 2000;      // identifiers a transaction: a fraction of a second of the one writer

constexpr std::int64_t commit_ms_max = 120'000;   // what was recorded at a time is there so much later

struct HeldKey {
  std::string reference;
  crypto::Hash256 key{};
  Instant made_at{};
};

/// Holds keys against sightings: every new key against all, every other against new sightings only.
class Deriving {
 public:
  Deriving(House& house, storage::Reader& reader) : house_(house), reader_(reader) {}

  Result<void> run() {
    TRY_ASSIGN(state_, store::proximity_state(reader_));
    recorded_after_ = state_.derived_at - commit_ms_max;
    state_.derived_at = to_millis(house_.now());
    Resolver new_sightings;
    TRY(fill(new_sightings, recorded_after_));
    std::vector<HeldKey> new_keys;
    TRY(read_keys(new_sightings, new_keys));
    anything_new_ = !new_sightings.empty() || !new_keys.empty();
    if (new_keys.empty()) return {};
    // Whatever is less: to ask the index for every identifier of the new keys, or to read all that wait.
    TRY_ASSIGN(const std::int64_t waiting, store::count_waiting(reader_));
    const std::int64_t days = utc_day(from_millis(state_.last_at)) - utc_day(from_millis(state_.first_at)) + 1;
    if (static_cast<std::int64_t>(new_keys.size()) * days * slots_a_day <= waiting) {
      for (const HeldKey& key : new_keys) TRY(look_up(key));
      return {};
    }
    Resolver all;
    TRY(fill(all, -1));
    for (const HeldKey& key : new_keys) find(all, key);
    return {};
  }
  bool anything_new() const { return anything_new_; }
  const store::ProximityState& state() const { return state_; }
  const std::vector<store::Resolved>& found() const { return found_; }

 private:
  Result<void> fill(Resolver& resolver, std::int64_t recorded_after) {
    return store::waiting_sightings(reader_, recorded_after, [&](const std::string& blid, Instant at) {
      const std::int64_t ms = to_millis(at);
      state_.first_at = state_.last_at == 0 ? ms : std::min(state_.first_at, ms);
      state_.last_at = std::max(state_.last_at, ms);
      if (const auto parsed = parse_blid(blid)) resolver.wait_for(*parsed, at);
    });
  }

  Result<void> read_keys(const Resolver& new_sightings, std::vector<HeldKey>& new_keys) {
    TRY_ASSIGN(const auto withdrawn, store::withdrawn(reader_, to_millis(house_.now())));
    TRY_ASSIGN(const auto consented, store::ever_consented(reader_));
    std::optional<Failure> failure;
    TRY(store::keys(reader_, [&](const std::string& reference, Instant made_at, Instant recorded_at, const storage::Bytes& sealed) {
      const bool is_new = to_millis(recorded_at) > recorded_after_ || consented.contains(reference);
      if (failure || (!is_new && new_sightings.empty()) || withdrawn.contains(reference)) return;
      auto opened = house_.keys.open(key_context(reference), sealed);
      if (!opened) {
        failure = opened.failure();
        return;
      }
      HeldKey held{reference, {}, made_at};
      if (opened->size() != held.key.size()) return;
      std::copy(opened->begin(), opened->end(), held.key.begin());
      if (is_new) new_keys.push_back(std::move(held));
      else find(new_sightings, held);
    }));
    if (failure) return *failure;
    return {};
  }

  void find(const Resolver& resolver, const HeldKey& held) {
    resolver.find(held.key, held.made_at, [&](const Blid& blid, Instant from, Instant to) {
      found_.push_back({to_hex_upper(blid), held.reference, to_millis(from), to_millis(to)});
    });
  }

  /// Derives the identifiers of each day somebody waits for once, and asks the index who saw them.
  Result<void> look_up(const HeldKey& held) {
    if (state_.last_at == 0) return {};
    constexpr std::chrono::minutes tolerance{15 * slot_tolerance};
    const std::int64_t first = std::max(utc_day(held.made_at), utc_day(from_millis(state_.first_at) - tolerance));
    std::vector<std::string> blids;
    for (std::int64_t day = first; day <= utc_day(from_millis(state_.last_at) + tolerance); ++day) {
      const auto of_day = identifiers_of_day(held.key, held.made_at, day);
      if (!of_day) break;   // older than any app
      for (const Blid& blid : *of_day) blids.push_back(to_hex_upper(blid));
    }
    Resolver seen;
    TRY(store::waiting_for(reader_, blids, [&](const std::string& blid, Instant at) {
      if (const auto parsed = parse_blid(blid)) seen.wait_for(*parsed, at);
    }));
    find(seen, held);
    return {};
  }

  House& house_;
  storage::Reader& reader_;
  store::ProximityState state_;
  std::int64_t recorded_after_ = 0;
  bool anything_new_ = false;
  std::vector<store::Resolved> found_;
};

Result<void> write_portions(House& house, const Act& act, const std::vector<store::Resolved>& found, ProximitySummary& summary) {
  for (std::size_t i = 0; i < found.size(); i += portion_max) {
    const std::vector<store::Resolved> portion(found.begin() + static_cast<std::ptrdiff_t>(i),
                                               found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), i + portion_max)));
    TRY_ASSIGN(const std::int64_t episodes, house.database.write_value(act, [&](storage::Transaction& tx) -> Result<std::int64_t> {
      TRY_ASSIGN(const auto pairs, store::resolve(tx, portion));
      TRY_ASSIGN(const std::int64_t made, store::rebuild_episodes(tx, pairs, house.now()));
      if (!pairs.empty()) TRY(house.bus.emit(tx, "tracing.facts_changed", {}));
      return made;
    }));
    summary.resolved += static_cast<std::int64_t>(portion.size());
    summary.episodes += episodes;
  }
  return {};
}

}  // namespace

std::string key_context(std::string_view reference) { return "tracing.proximity_key:" + std::string(reference); }

Result<ProximitySummary> resolve_sightings(House& house, const Act& act) {
  ProximitySummary summary;
  constexpr std::chrono::milliseconds tolerance = std::chrono::minutes(15 * slot_tolerance);
  TRY_ASSIGN(const auto told, house.database.read_value([&](storage::Reader& r) { return store::told_identifiers(r, tolerance); }));
  TRY(write_portions(house, act, told, summary));
  std::optional<Deriving> derived;
  TRY(house.database.read([&](storage::Reader& r) { return derived.emplace(house, r).run(); }));
  TRY(write_portions(house, act, derived->found(), summary));
  // Last: a run that dies before is made up for by the next.
  if (derived->anything_new())
    TRY(house.database.write(act, [&](storage::Transaction& tx) { return store::put_proximity_state(tx, derived->state()); }));
  TRY_ASSIGN(summary.waiting, house.database.read_value([&](storage::Reader& r) { return store::count_waiting(r); }));
  return summary;
}

}  // namespace motcua::tracing
