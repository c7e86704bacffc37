#pragma once
// SQL of people received by staff and of their cards.
#include "rooms/residents/store.hpp"

namespace motcua::residents::store {

struct ReceivedRow {
  std::string person, subject, account;
  Instant received_at{};
};
Result<void> put_received(Transaction& tx, const ReceivedRow& row);
Result<std::optional<ReceivedRow>> find_received(Reader& reader, std::string_view person);
/// By one of the hashes of what they told.
Result<std::optional<ReceivedRow>> find_received_by(Reader& reader, std::string_view key_hash);
/// How many: none when somebody has that key already.
Result<std::int64_t> put_received_key(Transaction& tx, std::string_view key_hash, std::string_view person);

/// The person stands before this member of staff.
Result<void> put_reception(Transaction& tx, std::string_view person, std::string_view staff, Instant now);
/// Whether they did since then.
Result<bool> was_received(Reader& reader, std::string_view person, std::string_view staff, Instant since);
Result<void> put_account_of(Transaction& tx, std::string_view person, std::string_view account);

/// Whose card it is, while it holds.
Result<std::optional<ReceivedRow>> find_card_holder(Reader& reader, std::string_view card_hash);

struct CardRow {
  std::string card_hash, id, person, pin_hash;
  std::int64_t wrong_pins = 0;
  Instant issued_at{};
  std::string issued_by;
  std::optional<Instant> ended_at;
};
Result<void> put_card(Transaction& tx, const CardRow& card);
/// Newest first.
Result<std::vector<CardRow>> list_cards(Reader& reader, std::string_view person, int limit);
/// Counts a try of the PIN before it is looked at; how many: none when the card ended or has no tries left.
Result<std::int64_t> count_pin(Transaction& tx, std::string_view card_hash, std::int64_t tries_max);
/// How many: none when the card ended meanwhile.
Result<std::int64_t> forget_pins(Transaction& tx, std::string_view card_hash);
Result<std::optional<CardRow>> find_card(Reader& reader, std::string_view card_hash);
/// One card, or all of the person's that hold (`id` empty); how many.
Result<std::int64_t> end_cards(Transaction& tx, std::string_view person, std::string_view id, std::string_view reason, Instant now);

}  // namespace motcua::residents::store
