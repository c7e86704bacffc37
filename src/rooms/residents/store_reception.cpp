#include "rooms/residents/store_reception.hpp"

namespace motcua::residents::store {
namespace {

ReceivedRow received_of(const storage::Row& r) { return {r.string(0), r.string(1), r.string(2), r.instant(3)}; }

constexpr std::string_view card_columns = "SELECT card_hash, id, person, pin_hash, wrong_pins, issued_at, issued_by, ended_at FROM residents_card ";
CardRow card_of(const storage::Row& r) { return {r.string(0), r.string(1), r.string(2), r.string(3), r.integer(4), r.instant(5), r.string(6), r.optional_instant(7)}; }

}  // namespace

Result<void> put_received(Transaction& tx, const ReceivedRow& row) {
  TRY(tx.execute("INSERT INTO residents_received (person, subject, account, received_at) VALUES ($1, $2, $3, $4)", {row.person, row.subject, row.account, row.received_at}));
  return {};
}

Result<std::optional<ReceivedRow>> find_received(Reader& reader, std::string_view person) {
  return reader.find("SELECT person, subject, account, received_at FROM residents_received WHERE person = $1", {person}, received_of);
}

Result<std::optional<ReceivedRow>> find_received_by(Reader& reader, std::string_view key_hash) {
  return reader.find("SELECT r.person, r.subject, r.account, r.received_at FROM residents_received_key k JOIN residents_received r ON r.person = k.person WHERE k.key_hash = $1",
                     {key_hash}, received_of);
}

Result<std::int64_t> put_received_key(Transaction& tx, std::string_view key_hash, std::string_view person) {
  return tx.execute("INSERT INTO residents_received_key (key_hash, person) VALUES ($1, $2) ON CONFLICT (key_hash) DO NOTHING", {key_hash, person});
}

Result<std::optional<ReceivedRow>> find_card_holder(Reader& reader, std::string_view card_hash) {
  return reader.find("SELECT r.person, r.subject, r.account, r.received_at FROM residents_card c JOIN residents_received r ON r.person = c.person WHERE c.card_hash = $1 AND c.ended_at IS NULL",
                     {card_hash}, received_of);
}

Result<void> put_reception(Transaction& tx, std::string_view person, std::string_view staff, Instant now) {
  TRY(tx.execute("INSERT INTO residents_reception (person, staff, at) VALUES ($1, $2, $3) ON CONFLICT (person, staff) DO UPDATE SET at = excluded.at", {person, staff, now}));
  return {};
}

Result<bool> was_received(Reader& reader, std::string_view person, std::string_view staff, Instant since) {
  TRY_ASSIGN(const auto found, reader.find("SELECT 1 FROM residents_reception WHERE person = $1 AND staff = $2 AND at >= $3", {person, staff, since}, [](const storage::Row&) { return true; }));
  return found.has_value();
}

Result<void> put_account_of(Transaction& tx, std::string_view person, std::string_view account) {
  TRY(tx.execute("UPDATE residents_received SET account = $1 WHERE person = $2", {account, person}));
  return {};
}

Result<void> put_card(Transaction& tx, const CardRow& c) {
  TRY(tx.execute("INSERT INTO residents_card (card_hash, id, person, pin_hash, wrong_pins, issued_at, issued_by) VALUES ($1, $2, $3, $4, 0, $5, $6)",
                 {c.card_hash, c.id, c.person, c.pin_hash, c.issued_at, c.issued_by}));
  return {};
}

Result<std::vector<CardRow>> list_cards(Reader& reader, std::string_view person, int limit) {
  return reader.list(std::string(card_columns) + "WHERE person = $1 ORDER BY issued_at DESC, id LIMIT $2", {person, limit}, card_of);
}

Result<std::int64_t> count_pin(Transaction& tx, std::string_view card_hash, std::int64_t tries_max) {
  return tx.execute("UPDATE residents_card SET wrong_pins = wrong_pins + 1 WHERE card_hash = $1 AND ended_at IS NULL AND wrong_pins < $2", {card_hash, tries_max});
}

Result<std::int64_t> forget_pins(Transaction& tx, std::string_view card_hash) {
  return tx.execute("UPDATE residents_card SET wrong_pins = 0 WHERE card_hash = $1 AND ended_at IS NULL", {card_hash});
}

Result<std::optional<CardRow>> find_card(Reader& reader, std::string_view card_hash) {
  return reader.find(std::string(card_columns) + "WHERE card_hash = $1", {card_hash}, card_of);
}

Result<std::int64_t> end_cards(Transaction& tx, std::string_view person, std::string_view id, std::string_view reason, Instant now) {
  return tx.execute("UPDATE residents_card SET ended_at = $1, end_reason = $2 WHERE person = $3 AND ended_at IS NULL AND ($4 = '' OR id = $4)", {now, reason, person, id});
}

}  // namespace motcua::residents::store
