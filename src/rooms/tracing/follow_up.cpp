// Tasks: who calls whom until when, and what came of it.
#include <algorithm>

#include "platform/auth/colleagues.hpp"
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

/// Puts the names of whoever has taken them beside the tasks.
Result<void> name_assignees(storage::Reader& reader, std::span<TaskView> tasks) {
  std::vector<std::string> accounts;
  for (const TaskView& t : tasks)
    if (!t.assignee.empty()) accounts.push_back(t.assignee);
  TRY_ASSIGN(const auto names, auth::names_of(reader, accounts));
  for (TaskView& t : tasks)
    if (const auto known = names.find(t.assignee); known != names.end()) t.assignee_name = known->second;
  return {};
}

Result<TaskPage> read_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, const TaskFilter& filter) {
  TaskPage page;
  TRY_ASSIGN(const auto rows, visible_tasks(desk, reader, asker, filter, page.total));
  std::vector<std::string> ids;
  for (const auto& t : rows) ids.push_back(t.person_id);
  TRY_ASSIGN(auto summaries, desk.doors.identity.summaries(reader, ids));
  const auto persons = by_id(std::move(summaries));
  for (const auto& t : rows) {
    const auto person = persons.find(t.person_id);
    page.rows.push_back(to_view(desk, t, person == persons.end() ? nullptr : &person->second));
  }
  TRY(name_assignees(reader, page.rows));
  return page;
}

}  // namespace

Result<std::vector<store::TaskRow>> visible_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, const TaskFilter& filter, std::int64_t& total) {
  store::Wards wards;
  if (filter.case_id.empty()) {
    TRY_ASSIGN(wards, wards_seen(desk, reader, asker, ""));
  } else {
    TRY(get_visible_case(desk, reader, asker, filter.case_id, wards));
  }
  store::TaskQuery q{.case_id = filter.case_id, .ward_code = filter.ward_code, .assignee = filter.assignee, .state = filter.state, .level = {},
                     .unassigned = filter.unassigned, .due_before = {}, .page = filter.page, .page_size = filter.page_size};
  if (!filter.class_name.empty()) {
    TRY_ASSIGN(q.level, level_of_class(filter.class_name));
  }
  if (filter.overdue_only) q.due_before = desk.house.now();
  return store::list_tasks(reader, wards, q, total);
}

Result<std::vector<Count>> count_tasks_by_ward(const Desk& desk, const Asker& asker) {
  return desk.house.database.read_value([&](storage::Reader& reader) -> Result<std::vector<Count>> {
    TRY_ASSIGN(const store::Wards wards, wards_seen(desk, reader, asker, ""));
    return store::count_tasks_by_ward(reader, wards);
  });
}

Result<TaskPage> list_tasks(const Desk& desk, const Asker& asker, const TaskFilter& filter) {
  TaskFilter bounded = filter;
  bounded.page_size = std::clamp(filter.page_size, 1, page_size_max);
  TRY_ASSIGN(TaskPage page, desk.house.database.read_value([&](storage::Reader& reader) { return read_tasks(desk, reader, asker, bounded); }));
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
    TRY(name_assignees(reader, {&v, 1}));
    return v;
  }));
  TRY(record(desk, asker.act, {read_note(task_id, view.person_id, view.ward_code)}));
  return view;
}

Result<void> record_call(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const CallInput& call) {
  const Instant now = desk.house.now();
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const store::TaskRow task, get_visible_task(desk, tx, asker, task_id));
    TRY_ASSIGN(const store::TaskRow changed, decide_after_call(task, call, now));
    if (task.version != version) return conflict("tracing.task_moved_on");
    TRY(store::insert_call(tx, changed, {now, asker.act.actor, call.outcome, call.note, call.appointment_at}));
    TRY_ASSIGN(const bool saved, save_task(desk, tx, changed, version, "tracing.record_call"));
    if (!saved) return conflict("tracing.task_moved_on");
    return {};
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
