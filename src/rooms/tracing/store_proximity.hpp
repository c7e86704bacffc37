#pragma once
// Bluezone's keys and sightings as tables. Inner header of the room.
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
Result<void> keys(storage::Reader& reader, const std::function<void(const std::string& reference, Instant made_at, const storage::Bytes& sealed)>& seen);

struct NewSighting {
  std::string reporter, own_blid, contact_blid, platform;      // identifiers as 24 upper-case hex digits; own may be empty
  std::int64_t at = 0;
  std::optional<std::int64_t> rssi, tx_power;
};
Result<intake::BatchCounts> save_sightings(storage::Transaction& tx, const std::string& source, const std::vector<NewSighting>& rows, Instant now);

/// Identifier and time of every sighting nobody is known for.
Result<void> waiting_sightings(storage::Reader& reader, const std::function<void(const std::string& blid, Instant at)>& seen);

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
