#include "rooms/declarations/store_answers.hpp"

#include "rooms/residents/residents.hpp"

namespace motcua::declarations::store {
namespace {

using storage::Row;

constexpr const char* select_answers = "SELECT subject_id, declaration, account, form, version, sealed, pass_id, declared_at, expires_at FROM declarations_answers WHERE subject_id = $1";

AnswersRow to_answers(const Row& row) {
  return {row.string(0), row.string(1), row.string(2), row.string(3), static_cast<int>(row.integer(4)), row.bytes(5), row.string(6), row.instant(7), row.instant(8)};
}

Result<std::int64_t> purge(storage::Reader& reader, storage::Transaction* tx, const std::string& from_where, Instant before) {
  if (tx != nullptr) return tx->execute("DELETE FROM " + from_where, {before});
  TRY_ASSIGN(auto n, reader.find("SELECT count(*) FROM " + from_where, {before}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

}  // namespace

Result<bool> add_answers(storage::Transaction& tx, const AnswersRow& row, const Answers& told) {
  TRY_ASSIGN(const auto added, tx.execute("INSERT INTO declarations_answers (subject_id, declaration, account, form, version, sealed, pass_id, declared_at, expires_at) "
                                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (subject_id, declaration) DO NOTHING",
                                          {row.subject, row.declaration, row.account, row.form, row.version, row.sealed, row.pass_id, row.declared_at, row.expires_at}));
  if (added == 0) return false;
  TRY(tx.execute("INSERT INTO declarations_declaration (subject_id, source, record_id, kind, declared_at, on_behalf, symptoms, contact_case, contact_symptomatic, from_affected_area) "
                 "VALUES ($1, $2, $3, $2, $4, $5, $6, $7, $8, $9)",
                 {row.subject, residents::source_name, row.declaration, row.declared_at, told.on_behalf, told.symptoms, told.contact_case, told.contact_symptomatic, told.from_affected_area}));
  return true;
}

Result<std::optional<AnswersRow>> find_answers(storage::Reader& reader, std::string_view subject, std::string_view declaration) {
  return reader.find(std::string(select_answers) + " AND declaration = $2", {subject, declaration}, to_answers);
}

Result<std::vector<AnswersRow>> list_answers(storage::Reader& reader, std::string_view subject, int limit) {
  return reader.list(std::string(select_answers) + " ORDER BY declared_at DESC, declaration LIMIT $2", {subject, limit}, to_answers);
}

Result<void> put_draft(storage::Transaction& tx, const DraftRow& draft, Instant now) {
  TRY(tx.execute("INSERT INTO declarations_draft (subject_id, form, declaration, sealed, updated_at) VALUES ($1, $2, $3, $4, $5) "
                 "ON CONFLICT (subject_id, form) DO UPDATE SET declaration = excluded.declaration, sealed = excluded.sealed, updated_at = excluded.updated_at",
                 {draft.subject, draft.form, draft.declaration, draft.sealed, now}));
  return {};
}

Result<std::optional<DraftRow>> find_draft(storage::Reader& reader, std::string_view subject, std::string_view form) {
  return reader.find("SELECT subject_id, form, declaration, sealed FROM declarations_draft WHERE subject_id = $1 AND form = $2", {subject, form},
                     [](const Row& row) { return DraftRow{row.string(0), row.string(1), row.string(2), row.bytes(3)}; });
}

Result<void> remove_draft(storage::Transaction& tx, std::string_view subject, std::string_view form) {
  TRY(tx.execute("DELETE FROM declarations_draft WHERE subject_id = $1 AND form = $2", {subject, form}));
  return {};
}

Result<std::int64_t> purge_answers(storage::Reader& reader, storage::Transaction* tx, Instant declared_before) {
  return purge(reader, tx, "declarations_answers WHERE declared_at < $1", declared_before);
}
Result<std::int64_t> purge_drafts(storage::Reader& reader, storage::Transaction* tx, Instant updated_before) {
  return purge(reader, tx, "declarations_draft WHERE updated_at < $1", updated_before);
}

}  // namespace motcua::declarations::store
