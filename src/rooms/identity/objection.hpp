#pragma once
// Promise 8: a citizen sees who looked at her record and can object; the auditor sees every objection. Inner header of the room.
#include <optional>
#include <string>
#include <vector>

#include "platform/audit/audit.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::identity {

enum class ObjectionState { open, upheld, not_upheld };
struct Objection {
  std::string objection_id, person_id;    // obj_...
  std::int64_t entry_seq = 0;             // 0: to all of it
  Personal<std::string> words, answer;
  ObjectionState state = ObjectionState::open;
  Instant made_at{};
  std::string recorded_by, answered_by;
  std::optional<Instant> answered_at;
};
inline constexpr std::size_t objection_bytes_max = 4000;
inline constexpr std::size_t own_objections_open_max = 5;   // of one person at a time, told by themselves
inline constexpr int objections_page_max = 100;
inline constexpr int entries_searched_max = 20'000;   // of one person, for the entry objected to

/// Under which ids a person stands in the audit log: her own, those merged into hers, her records'.
std::vector<std::string> audit_subjects_of(const PersonView& view);

/// `entry_hash`: of the entry as the page showed it; empty: to all of it. Failures identity.objection_empty, identity.objection_long,
/// identity.objection_entry_unknown.
Result<std::string> make_objection(House& house, const Viewer& viewer, const PersonView& person, const std::string& entry_hash, const std::string& words);
/// By the person, at the residents' door: to what is on record about them.
Result<std::string> object_by_oneself(House& house, const Act& act, const std::string& person_id, const std::string& words);
/// Once. Failures identity.no_such_objection, identity.objection_answered, identity.objection_empty, identity.objection_long.
Result<void> answer_objection(House& house, const Viewer& viewer, const PersonView& person, const std::string& objection_id, bool upheld, const std::string& answer);
Result<std::vector<Objection>> objections_of(House& house, const std::string& person_id);
/// For the auditor: open ones first, then the newest; on record as a look at each person.
Result<std::vector<Objection>> list_objections(House& house, const Act& act);

namespace store {
Result<void> insert_objection(storage::Transaction& tx, const Objection& objection);
Result<std::vector<Objection>> objections_of_person(storage::Reader& reader, std::string_view person_id);
Result<std::vector<Objection>> newest_objections(storage::Reader& reader, int limit);
Result<std::optional<Objection>> find_objection(storage::Reader& reader, std::string_view person_id, std::string_view objection_id);
Result<void> save_answer(storage::Transaction& tx, const Objection& objection);
}  // namespace store
}  // namespace motcua::identity
