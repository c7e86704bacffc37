#pragma once
// Consent to the use of proximity data as a table. Inner header of the room.
#include <set>
#include <span>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::tracing::store {

struct Consent {
  std::string reference;
  Instant since{};
  bool given = true;
  std::string recorded_by;
};

/// References whose consent is withdrawn at that moment.
Result<std::set<std::string>> withdrawn(storage::Reader& reader, std::int64_t as_of);
/// Everything said about these references, oldest first.
Result<std::vector<Consent>> consents_of(storage::Reader& reader, std::span<const std::string> references);
Result<void> save_consent(storage::Transaction& tx, const Consent& consent);

/// Those of the references that the app told something by or about: keys, sightings, episodes.
Result<std::set<std::string>> with_proximity(storage::Reader& reader, std::span<const std::string> references);

}  // namespace motcua::tracing::store
