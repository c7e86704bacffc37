#pragma once
// The only SQL of the room. Inner header.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"
#include "rooms/venues/model.hpp"

namespace motcua::venues::store {

using storage::Reader;
using storage::Transaction;

Result<void> put_venue(Transaction& tx, const Venue& venue);
Result<std::optional<Venue>> find_venue(Reader& reader, std::string_view venue_id);
/// Newest first, at most `limit`.
Result<std::vector<Venue>> list_of_keeper(Reader& reader, std::string_view keeper, int limit);
Result<std::int64_t> count_of_keeper(Reader& reader, std::string_view keeper);
Result<std::vector<Venue>> list_of_wards(Reader& reader, const std::vector<std::string>& wards, int limit);
/// The wards that have one: what an area is held against.
Result<std::vector<std::string>> wards_in_use(Reader& reader);

struct Code {
  Venue venue;
  bool ended = false;
};
Result<std::optional<Code>> find_code(Reader& reader, std::string_view code);
/// False: somebody has it already.
Result<bool> put_code(Transaction& tx, std::string_view code, std::string_view venue_id, Instant now);
Result<void> change_codes(Transaction& tx, const Venue& venue, std::string_view code, std::string_view short_code, Instant now);
/// Rows changed: 0 when it was closed already.
Result<std::int64_t> close(Transaction& tx, const Venue& venue, Instant now);

Result<bool> is_silent(Reader& reader, std::string_view phone_hash);
Result<void> set_silent(Transaction& tx, std::string_view phone_hash, bool silent, Instant now);

}  // namespace motcua::venues::store
