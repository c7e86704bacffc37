#pragma once
// What is old enough to be forgotten, as SQL. Inner header of the room.
#include <span>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::tracing::store {

/// `recorded_before`: told to us before then. `ended_before`: over before any kept case could have needed it.
struct Forget {
  Instant recorded_before{}, ended_before{};
};
/// The earliest sampling day of the cases still kept for tracing: open, or closed and traced after `closed_after`.
Result<std::optional<Instant>> earliest_kept_case(storage::Reader& reader, Instant closed_after);

/// Which of these names of records cases, tasks, isolations and facts still use.
Result<std::vector<std::string>> names_in_use(storage::Reader& reader, std::span<const std::string> names);

Result<std::int64_t> forget_sightings(storage::Transaction& tx, const Forget& forget, bool count_only);
Result<std::int64_t> forget_keys(storage::Transaction& tx, const Forget& forget, bool count_only);
Result<std::int64_t> forget_visits(storage::Transaction& tx, const Forget& forget, bool count_only);
Result<std::int64_t> forget_encounters(storage::Transaction& tx, const Forget& forget, bool count_only);
Result<std::int64_t> forget_cases(storage::Transaction& tx, Instant confirmed_before, bool count_only);

}  // namespace motcua::tracing::store
