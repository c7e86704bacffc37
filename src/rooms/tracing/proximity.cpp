#include "rooms/tracing/proximity.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/tracing/store_consent.hpp"

namespace motcua::tracing {
namespace {

constexpr std::size_t portion_max = 2000;      // identifiers a transaction: a fraction of a second of the one writer

Result<std::vector<store::Resolved>> derive(House& house, storage::Reader& reader) {
  Resolver resolver;
  TRY(store::waiting_sightings(reader, [&](const std::string& blid, Instant at) {
    if (const auto parsed = parse_blid(blid)) resolver.wait_for(*parsed, at);
  }));
  std::vector<store::Resolved> found;
  if (resolver.empty()) return found;
  TRY_ASSIGN(const auto withdrawn, store::withdrawn(reader, to_millis(house.now())));
  std::optional<Failure> failure;
  TRY(store::keys(reader, [&](const std::string& reference, Instant made_at, const storage::Bytes& sealed) {
    if (failure || withdrawn.contains(reference)) return;
    auto opened = house.keys.open(key_context(reference), sealed);
    if (!opened) {
      failure = opened.failure();
      return;
    }
    crypto::Hash256 key{};
    if (opened->size() != key.size()) return;
    std::copy(opened->begin(), opened->end(), key.begin());
    resolver.find(key, made_at, [&](const Blid& blid, Instant from, Instant to) {
      found.push_back({to_hex_upper(blid), reference, to_millis(from), to_millis(to)});
    });
  }));
  if (failure) return *failure;
  return found;
}

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
  TRY_ASSIGN(const auto derived, house.database.read_value([&](storage::Reader& r) { return derive(house, r); }));
  TRY(write_portions(house, act, derived, summary));
  TRY_ASSIGN(summary.waiting, house.database.read_value([&](storage::Reader& r) { return store::count_waiting(r); }));
  return summary;
}

}  // namespace motcua::tracing
