#include "rooms/identity/objection.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::identity {
namespace {

Result<void> check_words(const std::string& words, const char* field) {
  if (words.find_first_not_of(" \t\r\n") == std::string::npos) return invalid("identity.objection_empty", field);
  if (words.size() > objection_bytes_max) return invalid("identity.objection_long", field);
  return {};
}

/// The entry the page showed, among those about this person.
Result<std::int64_t> find_entry(storage::Reader& reader, const audit::Filter& filter, const std::string& hash) {
  std::int64_t before = 0;
  for (int seen = 0; seen < entries_searched_max; seen += audit::page_entries_max) {
    TRY_ASSIGN(const auto page, audit::list_entries(reader, filter, before, audit::page_entries_max));
    for (const auto& entry : page.entries)
      if (to_hex(entry.hash) == hash) return entry.seq;
    if (!page.next_before) break;
    before = *page.next_before;
  }
  return invalid("identity.objection_entry_unknown", "entry");
}

}  // namespace

std::vector<std::string> audit_subjects_of(const PersonView& view) {
  std::vector<std::string> subjects{view.summary.person_id};
  const auto add = [&](const std::string& id) {
    if (subjects.size() < audit::page_entries_max && std::find(subjects.begin(), subjects.end(), id) == subjects.end()) subjects.push_back(id);
  };
  for (const auto& change : view.history)
    if (!change.undone_at && (change.kind == ChangeKind::merged || change.kind == ChangeKind::accepted))
      for (const auto& id : change.person_ids) add(id);
  for (const auto& record : view.records) add(record.subject);
  return subjects;
}

Result<std::string> make_objection(House& house, const Viewer& viewer, const PersonView& person, const std::string& entry_hash, const std::string& words) {
  TRY(check_words(words, "words"));
  const std::string id = crypto::random_id("obj");
  TRY(house.database.write(viewer.act, [&](storage::Transaction& tx) -> Result<void> {
    Objection objection{.objection_id = id, .person_id = person.summary.person_id, .words = Personal<std::string>(words), .made_at = house.now(), .recorded_by = viewer.act.actor};
    if (!entry_hash.empty()) {
      TRY_ASSIGN(objection.entry_seq, find_entry(tx, {.subjects = audit_subjects_of(person)}, entry_hash));
    }
    tx.note({.object = id, .subject = objection.person_id, .area = person.summary.ward_code});
    return store::insert_objection(tx, objection);
  }));
  return id;
}

Result<std::string> object_by_oneself(House& house, const Act& act, const std::string& person_id, const std::string& words) {
  TRY(check_words(words, "words"));
  const std::string id = crypto::random_id("obj");
  TRY(house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto before, store::objections_of_person(tx, person_id));
    const auto open = std::count_if(before.begin(), before.end(), [](const Objection& o) { return o.state == ObjectionState::open; });
    if (static_cast<std::size_t>(open) >= own_objections_open_max) return conflict("identity.objections_wait");
    tx.note({.object = id, .subject = person_id});
    return store::insert_objection(tx, {.objection_id = id, .person_id = person_id, .words = Personal<std::string>(words), .made_at = house.now(), .recorded_by = act.actor});
  }));
  return id;
}

Result<void> answer_objection(House& house, const Viewer& viewer, const PersonView& person, const std::string& objection_id, bool upheld, const std::string& answer) {
  TRY(check_words(answer, "answer"));
  return house.database.write(viewer.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(auto found, store::find_objection(tx, person.summary.person_id, objection_id));
    if (!found) return not_found("identity.no_such_objection");
    if (found->state != ObjectionState::open) return conflict("identity.objection_answered");
    found->state = upheld ? ObjectionState::upheld : ObjectionState::not_upheld;
    found->answer = Personal<std::string>(answer);
    found->answered_at = house.now();
    found->answered_by = viewer.act.actor;
    tx.note({.object = objection_id, .subject = found->person_id, .area = person.summary.ward_code});
    return store::save_answer(tx, *found);
  });
}

Result<std::vector<Objection>> objections_of(House& house, const std::string& person_id) {
  return house.database.read_value([&](storage::Reader& reader) { return store::objections_of_person(reader, person_id); });
}

Result<std::vector<Objection>> list_objections(House& house, const Act& act) {
  TRY_ASSIGN(auto all, house.database.read_value([](storage::Reader& reader) { return store::newest_objections(reader, objections_page_max); }));
  std::vector<AuditNote> notes;
  for (const auto& objection : all) notes.push_back({.object = objection.objection_id, .subject = objection.person_id, .read = true});
  TRY(audit::record_read(house.database, act, std::move(notes)));
  return all;
}

}  // namespace motcua::identity
