#pragma once
// Bluezone's keys and sightings as tables. Inner header of the room.
#include <set>

#include "rooms/tracing/bluezone.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing::store {

struct NewKey {
  std::string reference, key_tag;
  std::int64_t made_at = 0;
  storage::Bytes sealed;
};
/// One number a key: 1 when it is new or another than the one held.
Result<std::vector<std::int64_t>> save_keys(storage::Transaction& tx, const std::vector<NewKey>& keys, Instant now);
using KeySeen = std::function<void(const std::string& reference, Instant made_at, Instant recorded_at, const storage::Bytes& sealed)>;
Result<void> keys(storage::Reader& reader, const KeySeen& seen);

struct NewSighting {
  std::string reporter, own_blid, contact_blid, platform;      // identifiers as 24 upper-case hex digits; own may be empty
  std::int64_t at = 0;
  std::optional<std::int64_t> rssi, tx_power;
};
Result<intake::BatchCounts> save_sightings(storage::Transaction& tx, const std::string& source, const std::vector<NewSighting>& rows, Instant now);

/// Identifier and time of every sighting nobody is known for that was recorded after `recorded_after`.
Result<void> waiting_sightings(storage::Reader& reader, std::int64_t recorded_after, const std::function<void(const std::string& blid, Instant at)>& seen);
/// When one of these identifiers was seen and nobody is known for it.
Result<void> waiting_for(storage::Reader& reader, std::span<const std::string> blids, const std::function<void(const std::string& blid, Instant at)>& seen);
/// Who once said yes: their keys may have been passed over before.
Result<std::set<std::string>> ever_consented(storage::Reader& reader);

/// What has been held against what: at derived_at every key of then against every sighting of then, made in [first_at, last_at].
struct ProximityState { std::int64_t derived_at = 0, first_at = 0, last_at = 0; };
Result<ProximityState> proximity_state(storage::Reader& reader);
Result<void> put_proximity_state(storage::Transaction& tx, const ProximityState& state);

/// "Sightings of this identifier in [from, to) were of this person."
struct Resolved {
  std::string blid, reference;
  std::int64_t from = 0, to = 0;
};
/// By the identifiers uploaders told of themselves.
Result<std::vector<Resolved>> told_identifiers(storage::Reader& reader, std::chrono::milliseconds tolerance);
struct Pair {
  std::string a, b;                                            // a < b
  friend auto operator<=>(const Pair&, const Pair&) = default;
};
/// Writes who was seen; pairs concerned, each once. Sightings of oneself stay unresolved.
Result<std::vector<Pair>> resolve(storage::Transaction& tx, const std::vector<Resolved>& resolved);
/// Makes the episodes of these pairs anew from all their sightings; how many there are.
Result<std::int64_t> rebuild_episodes(storage::Transaction& tx, const std::vector<Pair>& pairs, Instant now);
Result<std::int64_t> count_waiting(storage::Reader& reader);

}  // namespace motcua::tracing::store
