// Tasks: who calls whom until when, and what came of it.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <functional>

#include "platform/events/events.hpp"
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/rules.hpp"
#include "rooms/tracing/store_facts.hpp"

namespace motcua::tracing {
namespace {

TaskView to_view(const Desk& desk, const store::TaskRow& t, const identity::PersonSummary* person) {
  TaskView v;
  v.task_id = t.task_id;
  v.case_id = t.case_id;
  v.contact_id = contact_id_of(desk, t.case_id, t.person_id);
  v.person_id = t.person_id;
  v.class_name = "F" + std::to_string(t.level);
  v.ward_code = t.ward_code;
  v.assignee = t.assignee;
  v.state = t.state;
  v.last_outcome = t.last_outcome;
  v.due_at = t.due_at;
  v.version = t.version;
  v.calls = t.calls;
  if (person != nullptr) {
    v.full_name = person->full_name;
    v.phone = person->phone;
  }
  return v;
}

/// Reads the task the asker may change, lets `change` decide, writes it unless it moved on.
Result<void> change_task(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const std::string& action,
                         const std::function<Result<store::TaskRow>(storage::Transaction&, const store::TaskRow&)>& change) {
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const store::TaskRow task, get_visible_task(desk, tx, asker, task_id));
    TRY_ASSIGN(const store::TaskRow changed, change(tx, task));
    TRY_ASSIGN(const std::int64_t rows, store::update_task(tx, changed, version));
    if (rows == 0) return conflict("tracing.task_moved_on");
    AuditNote note;
    note.action = action;
    note.object = task_id;
    note.subject = task.person_id;
    note.area = task.ward_code;
    note.detail = boost::json::serialize(boost::json::object{{"state", changed.state}, {"outcome", changed.last_outcome}});
    tx.note(std::move(note));
    return desk.house.bus.emit(tx, "tracing.task_changed", {{"task_id", task_id}, {"case_id", task.case_id}, {"state", changed.state}});
  });
}

Result<TaskPage> read_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, const TaskFilter& filter) {
  TaskPage page;
  store::Wards wards;
  if (filter.case_id.empty()) {
    TRY_ASSIGN(wards, wards_seen(desk, reader, asker, ""));
  } else {
    TRY(get_visible_case(desk, reader, asker, filter.case_id, wards));
  }
  store::TaskQuery q{filter.case_id, filter.ward_code, filter.assignee, filter.state, {}, filter.page, std::min(filter.page_size, page_size_max)};
  if (filter.overdue_only) q.due_before = desk.house.now();
  TRY_ASSIGN(const auto rows, store::list_tasks(reader, wards, q, page.total));
  std::vector<std::string> ids;
  for (const auto& t : rows) ids.push_back(t.person_id);
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, ids));
  const auto persons = by_id(std::move(summaries));
  for (const auto& t : rows) {
    const auto person = persons.find(t.person_id);
    page.rows.push_back(to_view(desk, t, person == persons.end() ? nullptr : &person->second));
  }
  return page;
}

}  // namespace

Result<TaskPage> list_tasks(const Desk& desk, const Asker& asker, const TaskFilter& filter) {
  TRY_ASSIGN(TaskPage page, desk.house.database.read_value([&](storage::Reader& reader) { return read_tasks(desk, reader, asker, filter); }));
  std::vector<AuditNote> notes;
  for (const TaskView& t : page.rows) notes.push_back(read_note(t.task_id, t.person_id, t.ward_code));
  TRY(record(desk, asker.act, std::move(notes)));
  return page;
}

Result<TaskView> get_task(const Desk& desk, const Asker& asker, const std::string& task_id) {
  TRY_ASSIGN(TaskView view, desk.house.database.read_value([&](storage::Reader& reader) -> Result<TaskView> {
    TRY_ASSIGN(const store::TaskRow task, get_visible_task(desk, reader, asker, task_id));
    const std::string ids[] = {task.person_id};
    TRY_ASSIGN(const auto persons, desk.doors.identity.summaries(reader, ids));
    TaskView v = to_view(desk, task, persons.empty() ? nullptr : &persons.front());
    TRY_ASSIGN(v.history, store::calls_of(reader, task.case_id, task_id));
    return v;
  }));
  TRY(record(desk, asker.act, {read_note(task_id, view.person_id, view.ward_code)}));
  return view;
}

Result<void> assign_task(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const std::string& account) {
  if (!account.empty() && !is_id("acc", account)) return invalid("tracing.account_unknown", "account");
  return change_task(desk, asker, task_id, version, "tracing.assign_task", [&](storage::Transaction&, const store::TaskRow& task) -> Result<store::TaskRow> {
    if (is_closed(task.state)) return conflict("tracing.task_closed");
    store::TaskRow changed = task;
    changed.assignee = account;
    return changed;
  });
}

Result<void> record_call(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const CallInput& call) {
  const Instant now = desk.house.now();
  return change_task(desk, asker, task_id, version, "tracing.record_call", [&](storage::Transaction& tx, const store::TaskRow& task) -> Result<store::TaskRow> {
    TRY_ASSIGN(store::TaskRow changed, decide_after_call(task, call, now));
    if (task.version != version) return conflict("tracing.task_moved_on");
    TRY(store::insert_call(tx, changed, {now, asker.act.actor, call.outcome, call.note, call.appointment_at}));
    return changed;
  });
}

Result<void> record_isolation(const Desk& desk, const Asker& asker, const std::string& contact_id, Instant at) {
  const Instant now = desk.house.now();
  if (at > now + std::chrono::hours(24)) return invalid("tracing.time_unlikely", "at");
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    store::Wards wards;
    TRY_ASSIGN(const auto contact, get_visible_contact(desk, tx, asker, contact_id, wards));
    TRY_ASSIGN(const auto subjects, desk.doors.identity.subjects_of(tx, contact.person_id));
    if (subjects.empty()) return not_found("tracing.not_found");
    TRY(store::save_isolation(tx, *std::min_element(subjects.begin(), subjects.end()), at, now));
    AuditNote note;
    note.action = "tracing.record_isolation";
    note.object = contact_id;
    note.subject = contact.person_id;
    note.area = contact.ward_code;
    tx.note(std::move(note));
    return desk.house.bus.emit(tx, "tracing.facts_changed", {});
  });
}

}  // namespace motcua::tracing
