// What a trace changes in a stored list: planned against what is stored, written by whoever plans it inside a transaction.
#include "rooms/tracing/list_change.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <algorithm>
#include <set>

#include "platform/events/events.hpp"
#include "rooms/tracing/encode.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing {
namespace {

bool is_waiting(const std::string& state) { return state == "open" || state == "trying" || state == "appointment"; }

std::int64_t fingerprint_of(const store::ContactRecord& c) {
  const std::string numbers = std::to_string(c.level) + "," + std::to_string(to_millis(c.first_at)) + "," + std::to_string(to_millis(c.last_at)) + "," +
                              std::to_string(to_millis(c.exposed_at)) + "," + std::to_string(c.minutes);
  const std::string_view parts[] = {c.ward_code, c.search_text, c.evidence, c.via_person, c.reason, c.path, c.earliest_path, numbers};
  return store::fnv64(parts);
}

/// Puts the plan of one list together.
class Planner {
 public:
  Planner(const Desk& desk, storage::Reader& reader, const store::CaseRow& row) : desk_(desk), reader_(reader), row_(row), now_(desk.house.now()) {}

  Result<ListChange> plan(const TraceResult& found) {
    policy_ = found.policy;
    TRY_ASSIGN(known_, store::known_contacts(reader_, row_.case_id));
    TRY(plan_tasks(found));
    plan_contacts(found);
    plan_.summary.contacts = static_cast<std::int64_t>(found.contacts.size());
    plan_.summary.partial = found.partial;
    return std::move(plan_);
  }

 private:
  /// Existing tasks by the person they concern today; one person may have had two before a merge: the one worked on most stays.
  Result<std::map<std::string, store::TaskRow>> tasks_by_person() {
    TRY_ASSIGN(const auto tasks, store::tasks_of_case(reader_, row_.case_id));
    std::vector<std::string> subjects;
    for (const auto& t : tasks) subjects.push_back(t.subject);
    std::map<std::string, store::TaskRow> by_person;
    if (subjects.empty()) return by_person;
    TRY_ASSIGN(const auto persons, desk_.doors.identity.persons_of(reader_, subjects));
    for (const store::TaskRow& t : tasks) {
      const auto person = persons.find(t.subject);
      const std::string id = person == persons.end() ? t.person_id : person->second;
      const auto [held, is_new] = by_person.try_emplace(id, t);
      if (is_new) continue;
      store::TaskRow dropped = t;
      if (t.calls > held->second.calls) std::swap(dropped, held->second);
      if (dropped.state != "cancelled") {
        dropped.state = "cancelled";
        plan_.moved_tasks.push_back(dropped);
      }
    }
    return by_person;
  }

  Result<void> plan_tasks(const TraceResult& found) {
    TRY_ASSIGN(tasks_, tasks_by_person());
    std::vector<std::string> without;
    std::set<std::string> wanted;
    for (const TraceContact& c : found.contacts) {
      const QuarantineRule* rule = policy_.rule_for(c.level, vietnam_date(row_.sampled_at));
      if (rule == nullptr || !rule->follow_up) continue;
      wanted.insert(c.person_id);
      const auto task = tasks_.find(c.person_id);
      if (task == tasks_.end()) without.push_back(c.person_id);
      else follow(task->second, c);
    }
    for (auto& [person, task] : tasks_)
      if (!wanted.contains(person) && is_waiting(task.state)) {
        task.state = "cancelled";
        plan_.moved_tasks.push_back(task);
      }
    return make_tasks(found, without);
  }

  /// The task of a contact that is still one.
  void follow(store::TaskRow& task, const TraceContact& c) {
    const bool again = task.state == "cancelled";
    if (task.person_id == c.person_id && task.level == c.level && task.ward_code == c.ward_code && !again) return;
    task.person_id = c.person_id;
    task.level = c.level;
    task.ward_code = c.ward_code;
    if (again) task.state = task.calls == 0 ? "open" : "trying";
    plan_.moved_tasks.push_back(task);
  }

  Result<void> make_tasks(const TraceResult& found, const std::vector<std::string>& persons) {
    if (persons.empty()) return {};
    TRY_ASSIGN(const auto subjects, desk_.doors.identity.first_subjects(reader_, persons));
    for (const TraceContact& c : found.contacts) {
      const auto subject = subjects.find(c.person_id);
      const QuarantineRule* rule = policy_.rule_for(c.level, vietnam_date(row_.sampled_at));
      if (subject == subjects.end() || rule == nullptr || !rule->follow_up || tasks_.contains(c.person_id)) continue;
      store::TaskRow t;
      t.case_id = row_.case_id;
      t.task_id = crypto::random_id("tsk");
      t.subject = subject->second;
      t.person_id = c.person_id;
      t.level = c.level;
      t.ward_code = c.ward_code;
      t.due_at = now_ + std::chrono::hours(rule->call_within_hours);
      tasks_[c.person_id] = t;
      plan_.new_tasks.push_back(std::move(t));
    }
    return {};
  }

  store::ContactRecord to_record(const TraceContact& c, std::string search_text) const {
    store::ContactRecord r;
    r.case_id = row_.case_id;
    r.person_id = c.person_id;
    r.contact_id = contact_id_of(desk_, row_.case_id, c.person_id);
    r.level = c.level;
    r.ward_code = c.ward_code;
    r.search_text = std::move(search_text);
    r.first_at = c.first_contact_at;
    r.last_at = c.last_contact_at;
    r.exposed_at = c.exposed_at;
    r.minutes = c.minutes;
    r.evidence = encode_list(c.evidence);
    r.via_person = c.via_person_id;
    r.reason = encode(c.reason);
    r.path = encode(c.path);
    r.earliest_path = encode(c.earliest_path);
    r.fingerprint = fingerprint_of(r);
    if (const auto task = tasks_.find(c.person_id); task != tasks_.end()) {
      r.task_id = task->second.task_id;
      r.state = task->second.state;
      r.assignee = task->second.assignee;
      r.due_at = task->second.due_at;
    }
    return r;
  }

  bool is_same(const store::ContactRecord& r, const store::KnownContact& k) const {
    return k.fingerprint == r.fingerprint && k.task_id == r.task_id && k.state == r.state && k.assignee == r.assignee && k.due_at == r.due_at;
  }

  void plan_contacts(const TraceResult& found) {
    for (const TraceContact& c : found.contacts) {
      identity::PersonSummary person;
      person.full_name = c.full_name;
      person.phone = c.phone;
      store::ContactRecord r = to_record(c, search_text_of(person));
      const auto known = known_.find(c.person_id);
      if (known == known_.end()) ++plan_.summary.added;
      else {
        const bool same = is_same(r, known->second);
        if (known->second.level != c.level) ++plan_.summary.reclassified;
        else if (!same) ++plan_.changed;
        if (!same) plan_.gone.push_back(c.person_id);
        known_.erase(known);
        if (same) continue;
      }
      plan_.contacts.push_back(std::move(r));
    }
    for (const auto& [person, k] : known_) plan_.gone.push_back(person);
    plan_.summary.removed = static_cast<std::int64_t>(known_.size());
  }

  const Desk& desk_;
  storage::Reader& reader_;
  const store::CaseRow& row_;
  Instant now_;
  Policy policy_;
  std::map<std::string, store::KnownContact> known_;
  std::map<std::string, store::TaskRow> tasks_;
  ListChange plan_;
};

Result<void> tell(const Desk& desk, storage::Transaction& tx, const store::CaseRow& row, const RetraceSummary& summary) {
  boost::json::object told{{"case_id", row.case_id}, {"contacts", summary.contacts}, {"added", summary.added}, {"removed", summary.removed},
                           {"reclassified", summary.reclassified}};
  AuditNote note;
  note.action = "tracing.retrace";
  note.object = row.case_id;
  note.subject = row.person_id;
  note.area = row.ward_code;
  note.detail = boost::json::serialize(told);
  tx.note(std::move(note));
  return desk.house.bus.emit(tx, "tracing.contacts_changed", told);
}

}  // namespace

bool ListChange::empty() const { return contacts.empty() && gone.empty() && new_tasks.empty() && moved_tasks.empty(); }

Result<ListChange> plan_list_change(const Desk& desk, storage::Reader& reader, const store::CaseRow& row, const TraceResult& found) {
  return Planner(desk, reader, row).plan(found);
}

Result<void> write_list_change(const Desk& desk, storage::Transaction& tx, store::CaseRow& row, const ListChange& change) {
  if (!change.gone.empty()) TRY(store::delete_contacts(tx, row.case_id, change.gone));
  TRY(store::insert_contacts(tx, change.contacts));
  if (!change.gone.empty() || !change.contacts.empty()) TRY(store::rebuild_case_wards(tx, row.case_id));
  TRY(store::insert_tasks(tx, change.new_tasks));
  TRY(store::move_tasks(tx, change.moved_tasks));
  row.traced_at = desk.house.now();
  row.partial = change.summary.partial;
  row.contacts = change.summary.contacts;
  TRY(store::save_traced(tx, row));
  const RetraceSummary& s = change.summary;
  return s.added + s.removed + s.reclassified + change.changed > 0 ? tell(desk, tx, row, s) : Result<void>{};
}

}  // namespace motcua::tracing
