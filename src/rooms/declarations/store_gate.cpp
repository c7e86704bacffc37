#include "rooms/declarations/store_gate.hpp"

namespace motcua::declarations::store {
namespace {

using storage::Row;

constexpr const char* select_gate = "SELECT account, declaration, subject_id, label, ticket, received_at FROM declarations_gate WHERE account = $1";

GateRow to_gate(const Row& row) { return {row.string(0), row.string(1), row.string(2), row.string(3), static_cast<int>(row.integer(4)), row.instant(5)}; }

}  // namespace

Result<bool> add_gate(storage::Transaction& tx, const GateRow& row) {
  TRY_ASSIGN(const auto added, tx.execute("INSERT INTO declarations_gate (account, declaration, subject_id, label, ticket, received_at) VALUES ($1, $2, $3, $4, $5, $6) "
                                          "ON CONFLICT (account, declaration) DO NOTHING",
                                          {row.account, row.declaration, row.subject, row.label, row.ticket, row.received_at}));
  return added != 0;
}

Result<std::optional<GateRow>> find_gate(storage::Reader& reader, std::string_view account, std::string_view declaration) {
  return reader.find(std::string(select_gate) + " AND declaration = $2", {account, declaration}, to_gate);
}

Result<std::vector<GateRow>> list_gate(storage::Reader& reader, std::string_view account, Instant from, int limit) {
  return reader.list(std::string(select_gate) + " AND received_at >= $2 ORDER BY received_at DESC, ticket DESC LIMIT $3", {account, from, limit}, to_gate);
}

Result<int> last_ticket(storage::Reader& reader, std::string_view account, Instant from) {
  TRY_ASSIGN(const auto last, reader.find("SELECT MAX(ticket) FROM declarations_gate WHERE account = $1 AND received_at >= $2", {account, from},
                                          [](const Row& row) { return static_cast<int>(row.integer(0)); }));
  return last.value_or(0);
}

Result<std::int64_t> purge_gate(storage::Reader& reader, storage::Transaction* tx, Instant received_before) {
  if (tx != nullptr) return tx->execute("DELETE FROM declarations_gate WHERE received_at < $1", {received_before});
  TRY_ASSIGN(const auto n, reader.find("SELECT count(*) FROM declarations_gate WHERE received_at < $1", {received_before}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

}  // namespace motcua::declarations::store
