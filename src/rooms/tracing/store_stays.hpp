#pragma once
// Stays as they happen, and what open cases watch for. Inner header of the room.
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "platform/storage/storage.hpp"
#include "rooms/tracing/model.hpp"
#include "rooms/tracing/stays.hpp"

namespace motcua::tracing::store {

Result<void> save_stays(storage::Transaction& tx, std::span<const Stay> stays, Instant now);
/// It counts no more from now on; what was known before stays known. Nothing to take back: false.
Result<bool> withdraw_stay(storage::Transaction& tx, const Stay& stay, Instant now);
Result<std::optional<Stay>> find_stay(storage::Reader& reader, const std::string& source, const std::string& stay_id);
/// In force, of these references, begun in [from, to); newest first.
Result<std::vector<Stay>> stays_of(storage::Reader& reader, std::span<const std::string> references, Instant from, Instant to);
/// In force and told by `source`, whatever it is called behind that, begun in [from, to).
Result<std::int64_t> count_stays(storage::Reader& reader, const std::string& place_code, const std::string& source, Instant from, Instant to);
Result<void> save_place(storage::Transaction& tx, const Place& place);

// ---- what a fact must touch to change a case's answer
inline constexpr std::size_t watch_rows_max = 20'000;      // of a case; one that watches more watches everything
inline constexpr std::string_view watch_everything = "*";
using Watch = std::map<std::string, Watched>;               // by key
Result<Watch> watch_of(storage::Reader& reader, const std::string& case_id);
Result<void> save_watch(storage::Transaction& tx, const std::string& case_id, const Watch& before, const Watch& after);
/// Whether an open case's trace asked about one of these stays.
Result<bool> is_watched(storage::Reader& reader, const Stay& stay);

}  // namespace motcua::tracing::store
