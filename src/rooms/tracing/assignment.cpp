// Who does what: a task is taken, let go, or given to a colleague who works where it is.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "platform/auth/colleagues.hpp"
#include "platform/events/events.hpp"
#include "platform/units/units.hpp"
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/rules.hpp"

namespace motcua::tracing {
namespace {

Result<std::vector<auth::Colleague>> all_colleagues(const Desk& desk, storage::Reader& reader) {
  return auth::list_colleagues(reader, {"tracer", "tracing_supervisor", "ward_health_worker"}, desk.house.now());
}

/// A ward's health worker decides about her own tasks alone.
bool may_give(const Asker& asker) { return asker.act.role != "ward_health_worker"; }

/// Where the work is: the ward of the contact, or of the case for somebody whose ward nobody knows.
Result<std::string> area_of(storage::Reader& reader, const store::TaskRow& task) {
  if (!task.ward_code.empty()) return task.ward_code;
  TRY_ASSIGN(const auto row, store::find_case(reader, task.case_id));
  return row ? row->ward_code : std::string();
}

Result<std::optional<auth::Colleague>> find_colleague(const Desk& desk, storage::Reader& reader, const std::string& account) {
  TRY_ASSIGN(const auto all, all_colleagues(desk, reader));
  const auto found = std::find_if(all.begin(), all.end(), [&](const auth::Colleague& c) { return c.account == account; });
  if (found == all.end()) return std::optional<auth::Colleague>();
  return std::optional(*found);
}

/// One area lies in the other.
bool meets(const auth::Colleague& colleague, const std::string& area, const units::Units& units) {
  if (area.empty() || area == "vn" || auth::works_in(colleague, area, units)) return true;
  return std::any_of(colleague.areas.begin(), colleague.areas.end(), [&](const std::string& hers) { return units.contains(area, hers); });
}

Result<std::vector<std::string>> areas_of_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, std::span<const std::string> task_ids) {
  std::vector<std::string> areas;
  for (const std::string& id : task_ids) {
    TRY_ASSIGN(const auto task, get_visible_task(desk, reader, asker, id));
    TRY_ASSIGN(auto area, area_of(reader, task));
    if (std::find(areas.begin(), areas.end(), area) == areas.end()) areas.push_back(std::move(area));
  }
  return areas;
}

Result<std::vector<Workload>> read_colleagues(const Desk& desk, storage::Reader& reader, const Asker& asker, std::span<const std::string> task_ids) {
  const units::Units& units = desk.house.units;
  TRY_ASSIGN(const auto wanted, areas_of_tasks(desk, reader, asker, task_ids));
  TRY_ASSIGN(const auto all, all_colleagues(desk, reader));
  TRY_ASSIGN(auto loads, store::task_loads(reader, desk.house.now()));
  std::vector<Workload> out;
  for (const auth::Colleague& c : all) {
    const bool near = std::any_of(asker.areas.begin(), asker.areas.end(), [&](const std::string& area) { return meets(c, area, units); });
    const bool fits = wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const std::string& area) { return auth::works_in(c, area, units); });
    if (!near || !fits) continue;
    const store::TaskLoad load = loads[c.account];
    out.push_back({c.account, c.display_name, load.open, load.overdue});
  }
  return out;
}

/// The chosen ones that are the asker's to see; whatever she may not see is left.
Result<std::vector<store::TaskRow>> chosen_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, const TaskChoice& choice, Given& sum) {
  if (choice.all_of) {
    TaskFilter filter = *choice.all_of;
    filter.page = 1, filter.page_size = tasks_given_max;
    std::int64_t total = 0;
    TRY_ASSIGN(auto rows, visible_tasks(desk, reader, asker, filter, total));
    sum.left += total - static_cast<std::int64_t>(rows.size());
    return rows;
  }
  std::vector<store::TaskRow> rows;
  for (const std::string& id : choice.task_ids) {
    auto task = get_visible_task(desk, reader, asker, id);
    if (task) rows.push_back(std::move(*task));
    else if (task.failure().kind == FailureKind::not_found) ++sum.left;
    else return std::move(task).failure();
  }
  return rows;
}

}  // namespace

Result<bool> save_task(const Desk& desk, storage::Transaction& tx, const store::TaskRow& changed, int version, const std::string& action) {
  TRY_ASSIGN(const std::int64_t rows, store::update_task(tx, changed, version));
  if (rows == 0) return false;
  AuditNote note;
  note.action = action;
  note.object = changed.task_id;
  note.subject = changed.person_id;
  note.area = changed.ward_code;
  note.detail = boost::json::serialize(boost::json::object{{"state", changed.state}, {"outcome", changed.last_outcome}, {"assignee", changed.assignee}});
  tx.note(std::move(note));
  TRY(desk.house.bus.emit(tx, "tracing.task_changed", {{"task_id", changed.task_id}, {"case_id", changed.case_id}, {"state", changed.state}}));
  return true;
}

Result<void> assign_task(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const std::string& account) {
  return desk.house.database.write(asker.act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(store::TaskRow task, get_visible_task(desk, tx, asker, task_id));
    const std::string& hers = account.empty() ? task.assignee : account;
    if (!may_give(asker) && hers != asker.act.actor) return Failure{FailureKind::forbidden, "tracing.not_yours_to_give"};
    if (is_closed(task.state)) return conflict("tracing.task_closed");
    if (!account.empty()) {
      TRY_ASSIGN(const auto colleague, find_colleague(desk, tx, account));
      TRY_ASSIGN(const std::string area, area_of(tx, task));
      if (!colleague || !auth::works_in(*colleague, area, desk.house.units)) return invalid("tracing.account_unknown", "account");
    }
    task.assignee = account;
    TRY_ASSIGN(const bool saved, save_task(desk, tx, task, version, "tracing.assign_task"));
    if (!saved) return conflict("tracing.task_moved_on");
    return {};
  });
}

Result<Given> assign_tasks(const Desk& desk, const Asker& asker, const TaskChoice& choice, const std::string& account) {
  if (!may_give(asker)) return Failure{FailureKind::forbidden, "tracing.not_yours_to_give"};
  if (choice.task_ids.size() > static_cast<std::size_t>(tasks_given_max))
    return invalid("tracing.too_many_tasks", "task", {{"max", std::to_string(tasks_given_max)}});
  return desk.house.database.write_value(asker.act, [&](storage::Transaction& tx) -> Result<Given> {
    Given sum;
    TRY_ASSIGN(const auto colleague, find_colleague(desk, tx, account));
    if (!colleague) return invalid("tracing.account_unknown", "account");
    TRY_ASSIGN(auto tasks, chosen_tasks(desk, tx, asker, choice, sum));
    for (store::TaskRow& task : tasks) {
      TRY_ASSIGN(const std::string area, area_of(tx, task));
      bool saved = false;
      if (!is_closed(task.state) && auth::works_in(*colleague, area, desk.house.units)) {
        task.assignee = account;
        TRY_ASSIGN(saved, save_task(desk, tx, task, task.version, "tracing.assign_task"));
      }
      ++(saved ? sum.given : sum.left);
    }
    return sum;
  });
}

Result<std::vector<Workload>> list_colleagues(const Desk& desk, const Asker& asker, std::span<const std::string> task_ids) {
  TRY_ASSIGN(auto colleagues, desk.house.database.read_value([&](storage::Reader& reader) { return read_colleagues(desk, reader, asker, task_ids); }));
  std::vector<AuditNote> notes;
  for (const Workload& c : colleagues) {
    AuditNote note;
    note.object = c.account;
    note.read = true;
    notes.push_back(std::move(note));
  }
  TRY(record(desk, asker.act, std::move(notes)));
  return colleagues;
}

Result<std::int64_t> count_tasks_of(const Desk& desk, const std::string& account, std::int64_t limit) {
  return desk.house.database.read_value([&](storage::Reader& reader) { return store::count_tasks_of(reader, account, limit); });
}

}  // namespace motcua::tracing
