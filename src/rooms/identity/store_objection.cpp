#include "rooms/identity/objection.hpp"

namespace motcua::identity::store {
namespace {

const std::string columns = "SELECT objection_id, person_id, entry_seq, words, answer, state, made_at, recorded_by, answered_by, answered_at FROM identity_objection ";

Objection objection_of(const storage::Row& r) {
  Objection o;
  o.objection_id = r.string(0);
  o.person_id = r.string(1);
  o.entry_seq = r.integer(2);
  o.words = Personal<std::string>(r.string(3));
  o.answer = Personal<std::string>(r.string(4));
  o.state = static_cast<ObjectionState>(r.integer(5));
  o.made_at = r.instant(6);
  o.recorded_by = r.string(7);
  o.answered_by = r.string(8);
  o.answered_at = r.optional_instant(9);
  return o;
}

}  // namespace

Result<void> insert_objection(storage::Transaction& tx, const Objection& o) {
  TRY(tx.execute("INSERT INTO identity_objection (person_id, objection_id, entry_seq, words, state, answer, made_at, recorded_by, answered_by) "
                 "VALUES ($1, $2, $3, $4, 0, '', $5, $6, '')",
                 {o.person_id, o.objection_id, o.entry_seq, o.words.reveal(), o.made_at, o.recorded_by}));
  return {};
}

Result<std::vector<Objection>> objections_of_person(storage::Reader& reader, std::string_view person_id) {
  return reader.list(columns + "WHERE person_id = $1 ORDER BY made_at DESC", {person_id}, objection_of);
}

Result<std::vector<Objection>> newest_objections(storage::Reader& reader, int limit) {
  return reader.list(columns + "ORDER BY CASE WHEN state = 0 THEN 0 ELSE 1 END, made_at DESC LIMIT $1", {limit}, objection_of);
}

Result<std::optional<Objection>> find_objection(storage::Reader& reader, std::string_view person_id, std::string_view objection_id) {
  return reader.find(columns + "WHERE person_id = $1 AND objection_id = $2", {person_id, objection_id}, objection_of);
}

Result<void> save_answer(storage::Transaction& tx, const Objection& o) {
  TRY(tx.execute("UPDATE identity_objection SET state = $3, answer = $4, answered_at = $5, answered_by = $6 WHERE person_id = $1 AND objection_id = $2",
                 {o.person_id, o.objection_id, static_cast<int>(o.state), o.answer.reveal(), o.answered_at, o.answered_by}));
  return {};
}

}  // namespace motcua::identity::store
