#pragma once
// Old records, as SQL. Inner header of the room.
#include "rooms/identity/store.hpp"

namespace motcua::identity::store {

/// Subjects of the records of these kinds told before then, in their order, behind `after`.
Result<std::vector<std::string>> old_records(Reader& reader, const std::vector<std::string>& kinds, Instant before, std::string_view after, int limit);
/// The records with their claims and links, and what people decided or are asked about them.
Result<void> remove_records(Transaction& tx, std::span<const StoredRecord> records);

}  // namespace motcua::identity::store
