#include "rooms/tracing/pseudonyms.hpp"

namespace motcua::tracing::store {
namespace {

constexpr const char* named = "FROM tracing_case WHERE state = 'closed' AND confirmed_at < $1 AND subject <> ''";

}  // namespace

Result<std::int64_t> count_named_cases(storage::Reader& reader, Instant confirmed_before) {
  TRY_ASSIGN(const auto n, reader.find(std::string("SELECT COUNT(*) ") + named, {confirmed_before}, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<std::vector<std::pair<std::string, std::string>>> named_cases(storage::Reader& reader, Instant confirmed_before, int limit) {
  return reader.list(std::string("SELECT case_id, person_id ") + named + " LIMIT $2", {confirmed_before, limit},
                     [](const storage::Row& r) { return std::pair(r.string(0), r.string(1)); });
}

Result<std::vector<NamedRow>> named_contacts(storage::Reader& reader, const std::string& case_id) {
  return reader.list("SELECT person_id, via_person, path, earliest_path FROM tracing_contact WHERE case_id = $1", {case_id},
                     [](const storage::Row& r) { return NamedRow{r.string(0), r.string(1), r.string(2), r.string(3)}; });
}

Result<void> rename_contacts(storage::Transaction& tx, const std::string& case_id, const std::vector<std::pair<std::string, NamedRow>>& rows) {
  std::vector<storage::Values> contacts, tasks;
  for (const auto& [before, after] : rows) {
    contacts.push_back({case_id, before, after.person_id, after.via_person, after.path, after.earliest_path});
    tasks.push_back({case_id, before, after.person_id});
  }
  if (rows.empty()) return {};
  TRY(tx.execute_many("UPDATE tracing_contact SET person_id = $3, via_person = $4, path = $5, earliest_path = $6, search_text = '' "
                      "WHERE case_id = $1 AND person_id = $2", contacts));
  TRY(tx.execute_many("UPDATE tracing_task SET person_id = $3, subject = '' WHERE case_id = $1 AND person_id = $2", tasks));
  return {};
}

Result<void> rename_case(storage::Transaction& tx, const std::string& case_id, const std::string& person_id) {
  TRY(tx.execute("UPDATE tracing_case SET person_id = $2, subject = '', search_text = '' WHERE case_id = $1", {case_id, person_id}));
  TRY(tx.execute("UPDATE tracing_call SET note = '' WHERE case_id = $1", {case_id}));
  // A task whose contact a later trace dropped.
  TRY(tx.execute("UPDATE tracing_task SET person_id = '', subject = '' WHERE case_id = $1 AND subject <> ''", {case_id}));
  return {};
}

}  // namespace motcua::tracing::store
