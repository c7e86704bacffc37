#include <algorithm>

#include "rooms/identity/store.hpp"

namespace motcua::identity::store {

using storage::Row;
using storage::Values;

Result<std::int64_t> note_change(Transaction& tx, std::vector<std::string> subjects) {
  // First the count: whoever else writes waits until this commits, so that a smaller number is never seen after a larger one.
  auto counted = tx.execute("UPDATE identity_state SET changes = changes + 1 WHERE id = 1", {});
  if (!counted) return std::move(counted).failure();
  TRY_ASSIGN(const auto state, tx.find("SELECT changes, generation FROM identity_state WHERE id = 1", {},
                                       [](const Row& row) { return std::pair(row.integer(0), row.string(1)); }));
  if (!state) return internal("identity.state_missing", "identity_state has no row");
  if (state->second.empty()) return state->first;
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  std::vector<Values> rows;
  rows.reserve(subjects.size());
  for (auto& subject : subjects) rows.push_back({state->first, std::move(subject)});
  if (!rows.empty()) TRY(tx.bulk_insert("identity_change", {"change", "subject_id"}, rows));
  return state->first;
}

Result<std::vector<ChangedSubject>> changed_after(Reader& reader, std::int64_t change) {
  return reader.list("SELECT subject_id, MAX(change) FROM identity_change WHERE change > $1 GROUP BY subject_id ORDER BY subject_id", {change},
                     [](const Row& row) { return ChangedSubject{row.string(0), row.integer(1)}; });
}

Result<std::vector<std::string>> subjects_of_change(Reader& reader, std::int64_t change) {
  return reader.list("SELECT subject_id FROM identity_change WHERE change = $1 ORDER BY subject_id", {change}, [](const Row& row) { return row.string(0); });
}

Result<std::int64_t> count_changed_after(Reader& reader, std::int64_t change) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM identity_change WHERE change > $1", {change}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

Result<void> begin_generation(Transaction& tx, std::string_view generation) {
  auto done = tx.execute("UPDATE identity_state SET generation = $1 WHERE id = 1", {generation});
  if (!done) return std::move(done).failure();
  return {};
}

Result<void> forget_changes(Transaction& tx, std::int64_t through) {
  auto done = tx.execute("DELETE FROM identity_change WHERE change <= $1", {through});
  if (!done) return std::move(done).failure();
  return {};
}

}  // namespace motcua::identity::store
