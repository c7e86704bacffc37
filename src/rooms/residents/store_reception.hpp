#pragma once
// SQL of people received by staff and of their cards.
#include "rooms/residents/store.hpp"

namespace motcua::residents::store {

struct ReceivedRow {
  std::string person, subject;
  Instant received_at{};
};
Result<void> put_received(Transaction& tx, const ReceivedRow& row);
Result<std::optional<ReceivedRow>> find_received(Reader& reader, std::string_view person);
/// By one of the hashes of what they told.
Result<std::optional<ReceivedRow>> find_received_by(Reader& reader, std::string_view key_hash);
/// How many: none when somebody has that key already.
Result<std::int64_t> put_received_key(Transaction& tx, std::string_view key_hash, std::string_view person);

/// Whose card it is, while it holds.
Result<std::optional<ReceivedRow>> find_card_holder(Reader& reader, std::string_view card_hash);

}  // namespace motcua::residents::store
