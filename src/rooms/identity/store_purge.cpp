#include "rooms/identity/store_purge.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Values;

Result<void> delete_in(Transaction& tx, std::span<const std::string> subjects, std::string_view table, std::string_view column) {
  const std::string sql = "DELETE FROM " + std::string(table) + " WHERE " + std::string(column) + " IN " + chunk_placeholders();
  return in_chunks(subjects, [&](Values ids) -> Result<void> {
    TRY(tx.execute(sql, ids));
    return {};
  });
}

}  // namespace

Result<std::vector<std::string>> old_records(Reader& reader, const std::vector<std::string>& kinds, Instant before, std::string_view after, int limit) {
  Values values{before, after, limit};
  std::string sql = "SELECT subject_id FROM identity_record WHERE subject_id > $2 AND COALESCE(told_at, imported_at) < $1 AND kind IN (";
  for (const std::string& kind : kinds) {
    values.emplace_back(kind);
    sql += (values.size() > 4 ? ", $" : "$") + std::to_string(values.size());
  }
  return reader.list(sql + ") ORDER BY subject_id LIMIT $3", values, [](const Row& row) { return row.string(0); });
}

Result<void> remove_records(Transaction& tx, std::span<const StoredRecord> records) {
  std::vector<std::string> subjects;
  std::vector<Values> claims;
  for (const StoredRecord& r : records) {
    subjects.push_back(r.record.subject);
    for (const Claim& claim : claims_of(r.record)) claims.push_back({claim.reference, r.record.subject});
  }
  if (!claims.empty()) TRY(tx.execute_many("DELETE FROM identity_claim WHERE reference = $1 AND subject_id = $2", claims));
  for (const auto& [table, column] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"identity_review", "subject_a"}, {"identity_review", "subject_b"}, {"identity_decision", "subject_a"}, {"identity_decision", "subject_b"},
           {"identity_event_move", "subject_id"}, {"identity_correction", "subject_id"}, {"identity_link", "subject_id"}, {"identity_record", "subject_id"}})
    TRY(delete_in(tx, subjects, table, column));
  return {};
}

}  // namespace motcua::identity::store
