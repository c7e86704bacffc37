#include "rooms/residents/store_reception.hpp"

namespace motcua::residents::store {
namespace {

ReceivedRow received_of(const storage::Row& r) { return {r.string(0), r.string(1), r.instant(2)}; }

}  // namespace

Result<void> put_received(Transaction& tx, const ReceivedRow& row) {
  TRY(tx.execute("INSERT INTO residents_received (person, subject, received_at) VALUES ($1, $2, $3)", {row.person, row.subject, row.received_at}));
  return {};
}

Result<std::optional<ReceivedRow>> find_received(Reader& reader, std::string_view person) {
  return reader.find("SELECT person, subject, received_at FROM residents_received WHERE person = $1", {person}, received_of);
}

Result<std::optional<ReceivedRow>> find_received_by(Reader& reader, std::string_view key_hash) {
  return reader.find("SELECT r.person, r.subject, r.received_at FROM residents_received_key k JOIN residents_received r ON r.person = k.person WHERE k.key_hash = $1",
                     {key_hash}, received_of);
}

Result<std::int64_t> put_received_key(Transaction& tx, std::string_view key_hash, std::string_view person) {
  return tx.execute("INSERT INTO residents_received_key (key_hash, person) VALUES ($1, $2) ON CONFLICT (key_hash) DO NOTHING", {key_hash, person});
}

Result<std::optional<ReceivedRow>> find_card_holder(Reader& reader, std::string_view card_hash) {
  return reader.find("SELECT r.person, r.subject, r.received_at FROM residents_card c JOIN residents_received r ON r.person = c.person WHERE c.card_hash = $1 AND c.ended_at IS NULL",
                     {card_hash}, received_of);
}

}  // namespace motcua::residents::store
