#include "rooms/tracing/store_purge.hpp"

#include <string>

#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {
namespace {

Result<std::int64_t> forget(storage::Transaction& tx, const std::string& table, const std::string& where, const storage::Values& values, bool count_only) {
  if (!count_only) return tx.execute("DELETE FROM " + table + " WHERE " + where, values);
  TRY_ASSIGN(const auto n, tx.find("SELECT COUNT(*) FROM " + table + " WHERE " + where, values, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

}  // namespace

Result<std::optional<Instant>> earliest_kept_case(storage::Reader& reader, Instant closed_after) {
  TRY_ASSIGN(const auto at, reader.find("SELECT MIN(sampled_at) FROM tracing_case WHERE state = 'open' OR traced_at >= $1", {closed_after},
                                        [](const storage::Row& r) { return r.optional_instant(0); }));
  return at.value_or(std::nullopt);
}

Result<std::vector<std::string>> names_in_use(storage::Reader& reader, std::span<const std::string> names) {
  std::vector<std::string> used;
  for (const auto& [table, column] : std::initializer_list<std::pair<std::string, std::string>>{
           {"tracing_case", "subject"}, {"tracing_task", "subject"}, {"tracing_isolation", "subject"}, {"tracing_visit", "reference"}, {"tracing_encounter", "reference"},
           {"tracing_episode", "reference"}, {"tracing_proximity_key", "reference"}, {"tracing_sighting", "reporter"}})
    TRY(query_in(reader, names, {}, [&](const std::string& in) { return "SELECT DISTINCT " + column + " FROM " + table + " WHERE " + column + " IN (" + in + ")"; },
                 [&](const storage::Row& row) { used.push_back(row.string(0)); }));
  return used;
}

Result<std::int64_t> forget_sightings(storage::Transaction& tx, const Forget& f, bool count_only) {
  TRY_ASSIGN(std::int64_t rows, forget(tx, "tracing_sighting", "recorded_at < $1", {f.recorded_before}, count_only));
  TRY_ASSIGN(const std::int64_t told, forget(tx, "tracing_identifier", "last_at < $1", {f.recorded_before}, count_only));
  return rows + told;
}

Result<std::int64_t> forget_keys(storage::Transaction& tx, const Forget& f, bool count_only) {
  return forget(tx, "tracing_proximity_key", "recorded_at < $1", {f.recorded_before}, count_only);
}

Result<std::int64_t> forget_visits(storage::Transaction& tx, const Forget& f, bool count_only) {
  return forget(tx, "tracing_visit", "recorded_at < $1 AND to_at < $2", {f.recorded_before, f.ended_before}, count_only);
}

Result<std::int64_t> forget_encounters(storage::Transaction& tx, const Forget& f, bool count_only) {
  TRY_ASSIGN(const std::int64_t met, forget(tx, "tracing_encounter", "recorded_at < $1 AND to_at < $2", {f.recorded_before, f.ended_before}, count_only));
  TRY_ASSIGN(const std::int64_t heard, forget(tx, "tracing_episode", "recorded_at < $1 AND to_at < $2", {f.recorded_before, f.ended_before}, count_only));
  return met + heard;
}

Result<std::int64_t> forget_cases(storage::Transaction& tx, Instant confirmed_before, bool count_only) {
  const std::string old = "case_id IN (SELECT case_id FROM tracing_case WHERE state = 'closed' AND confirmed_at < $1)";
  for (const char* table : {"tracing_watch", "tracing_call", "tracing_task", "tracing_contact", "tracing_case_ward"})
    if (!count_only) TRY(forget(tx, table, old, {confirmed_before}, false));
  return forget(tx, "tracing_case", "state = 'closed' AND confirmed_at < $1", {confirmed_before}, count_only);
}

}  // namespace motcua::tracing::store
