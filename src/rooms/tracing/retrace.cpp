// Storing what a trace found: only what changed is written, in one transaction with the tasks and the events that follow.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "platform/events/events.hpp"
#include "rooms/tracing/desk.hpp"
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

/// Whose case it is today.
Result<void> find_person(const Desk& desk, storage::Reader& reader, store::CaseRow& row) {
  const std::string subjects[] = {row.subject};
  TRY_ASSIGN(const auto persons, desk.doors.identity.persons_of(reader, subjects));
  if (const auto found = persons.find(row.subject); found != persons.end()) row.person_id = found->second;
  const std::string ids[] = {row.person_id};
  TRY_ASSIGN(const auto summaries, desk.doors.identity.summaries(reader, ids));
  if (summaries.empty()) return {};
  row.ward_code = summaries.front().ward_code;
  row.search_text = search_text_of(summaries.front());
  return {};
}

Result<TraceResult> look(const Desk& desk, storage::Reader& reader, store::CaseRow& row) {
  TRY(find_person(desk, reader, row));
  TRY_ASSIGN(const Policy policy, policy_of(desk, row, ""));
  TraceRequest request{.case_id = row.case_id, .depth = row.depth};
  return answer_trace(reader, desk.doors, facts_of(row), policy, request);
}

class Retrace {
 public:
  Retrace(const Desk& desk, storage::Transaction& tx, store::CaseRow& row) : desk_(desk), tx_(tx), row_(row), now_(desk.house.now()) {}

  Result<RetraceSummary> run(const TraceResult& found) {
    policy_ = found.policy;
    TRY_ASSIGN(known_, store::known_contacts(tx_, row_.case_id));
    TRY(plan_tasks(found));
    TRY(write_contacts(found));
    TRY(store::insert_tasks(tx_, new_tasks_));
    TRY(store::move_tasks(tx_, moved_tasks_));
    row_.traced_at = now_;
    row_.partial = found.partial;
    row_.contacts = static_cast<std::int64_t>(found.contacts.size());
    TRY(store::save_traced(tx_, row_));
    summary_.contacts = row_.contacts;
    summary_.partial = found.partial;
    if (summary_.added + summary_.removed + summary_.reclassified + changed_ > 0) TRY(tell());
    return summary_;
  }

 private:
  /// Existing tasks by the person they concern today; one person may have had two before a merge: the one worked on most stays.
  Result<std::map<std::string, store::TaskRow>> tasks_by_person() {
    TRY_ASSIGN(const auto tasks, store::tasks_of_case(tx_, row_.case_id));
    std::vector<std::string> subjects;
    for (const auto& t : tasks) subjects.push_back(t.subject);
    std::map<std::string, store::TaskRow> by_person;
    if (subjects.empty()) return by_person;
    TRY_ASSIGN(const auto persons, desk_.doors.identity.persons_of(tx_, subjects));
    for (const store::TaskRow& t : tasks) {
      const auto person = persons.find(t.subject);
      const std::string id = person == persons.end() ? t.person_id : person->second;
      const auto [held, is_new] = by_person.try_emplace(id, t);
      if (is_new) continue;
      store::TaskRow dropped = t;
      if (t.calls > held->second.calls) std::swap(dropped, held->second);
      if (dropped.state != "cancelled") {
        dropped.state = "cancelled";
        moved_tasks_.push_back(dropped);
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
        moved_tasks_.push_back(task);
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
    moved_tasks_.push_back(task);
  }

  Result<void> make_tasks(const TraceResult& found, const std::vector<std::string>& persons) {
    if (persons.empty()) return {};
    TRY_ASSIGN(const auto subjects, subjects_of(persons));
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
      new_tasks_.push_back(std::move(t));
    }
    return {};
  }

  /// A record of each person, the same one each time.
  Result<std::map<std::string, std::string>> subjects_of(const std::vector<std::string>& persons) {
    TRY_ASSIGN(const auto spans, desk_.doors.identity.references_of(tx_, persons));
    std::map<std::string, std::string> first;
    for (const auto& s : spans) {
      if (!s.reference.starts_with("record:")) continue;
      std::string& held = first[s.person_id];
      if (held.empty() || s.reference < held) held = s.reference;
    }
    std::map<std::string, std::string> subjects;
    for (const auto& [person, reference] : first) {
      const std::string_view record = std::string_view(reference).substr(7);
      const auto colon = record.find(':');
      if (colon != std::string_view::npos) subjects[person] = desk_.doors.identity.subject_of(record.substr(0, colon), record.substr(colon + 1));
    }
    return subjects;
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

  Result<void> write_contacts(const TraceResult& found) {
    std::vector<store::ContactRecord> rows;
    std::vector<std::string> gone;
    for (const TraceContact& c : found.contacts) {
      identity::PersonSummary person;
      person.full_name = c.full_name;
      person.phone = c.phone;
      store::ContactRecord r = to_record(c, search_text_of(person));
      const auto known = known_.find(c.person_id);
      if (known == known_.end()) ++summary_.added;
      else {
        const bool same = is_same(r, known->second);
        if (known->second.level != c.level) ++summary_.reclassified;
        else if (!same) ++changed_;
        if (!same) gone.push_back(c.person_id);
        known_.erase(known);
        if (same) continue;
      }
      rows.push_back(std::move(r));
    }
    for (const auto& [person, k] : known_) gone.push_back(person);
    summary_.removed = static_cast<std::int64_t>(known_.size());
    TRY(store::delete_contacts(tx_, row_.case_id, gone));
    TRY(store::insert_contacts(tx_, rows));
    return store::rebuild_case_wards(tx_, row_.case_id);
  }

  Result<void> tell() {
    boost::json::object told{{"case_id", row_.case_id}, {"contacts", summary_.contacts}, {"added", summary_.added}, {"removed", summary_.removed},
                             {"reclassified", summary_.reclassified}};
    AuditNote note;
    note.action = "tracing.retrace";
    note.object = row_.case_id;
    note.subject = row_.person_id;
    note.area = row_.ward_code;
    note.detail = boost::json::serialize(told);
    tx_.note(std::move(note));
    return desk_.house.bus.emit(tx_, "tracing.contacts_changed", told);
  }

  const Desk& desk_;
  storage::Transaction& tx_;
  store::CaseRow& row_;
  Instant now_;
  Policy policy_;
  std::map<std::string, store::KnownContact> known_;
  std::map<std::string, store::TaskRow> tasks_;
  std::vector<store::TaskRow> new_tasks_, moved_tasks_;
  RetraceSummary summary_;
  std::int64_t changed_ = 0;
};

}  // namespace

Result<RetraceSummary> retrace_in(const Desk& desk, storage::Transaction& tx, store::CaseRow& row) {
  TRY_ASSIGN(const TraceResult found, look(desk, tx, row));
  return Retrace(desk, tx, row).run(found);
}

/// The question is answered on a snapshot, so that the one writer waits for the writing only. What was changed or traced meanwhile (by another
/// process, too) may know more than the snapshot: then it is answered again, inside the transaction that writes.
Result<RetraceSummary> retrace(const Desk& desk, const Act& act, const std::string& case_id) {
  store::CaseRow row;
  TRY_ASSIGN(const TraceResult found, desk.house.database.read_value([&](storage::Reader& reader) -> Result<TraceResult> {
    TRY_ASSIGN(auto held, store::find_case(reader, case_id));
    if (!held) return not_found("tracing.not_found");
    row = std::move(*held);
    return look(desk, reader, row);
  }));
  return desk.house.database.write_value(act, [&](storage::Transaction& tx) -> Result<RetraceSummary> {
    TRY_ASSIGN(auto now, store::find_case(tx, case_id));
    if (!now) return RetraceSummary{};                                     // forgotten meanwhile
    if (now->version != row.version || now->traces != row.traces) return retrace_in(desk, tx, *now);
    store::CaseRow mine = row;
    return Retrace(desk, tx, mine).run(found);
  });
}

Result<void> retrace_open_cases(const Desk& desk, const Act& act) {
  TRY_ASSIGN(const auto cases, desk.house.database.read_value([](storage::Reader& r) { return store::open_cases(r); }));
  for (const auto& c : cases) TRY(retrace(desk, act, c.case_id));
  return {};
}

}  // namespace motcua::tracing
