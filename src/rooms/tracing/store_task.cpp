#include "rooms/tracing/store.hpp"
#include "rooms/tracing/store_where.hpp"

namespace motcua::tracing::store {
namespace {

const std::vector<std::string> columns{"case_id", "task_id", "subject", "person_id", "level", "ward_code", "assignee", "state", "last_outcome", "calls", "due_at", "version"};
constexpr const char* is_open = "state IN ('open', 'trying', 'appointment')";
constexpr const char* select =
    "SELECT case_id, task_id, subject, person_id, level, ward_code, assignee, state, last_outcome, calls, due_at, version FROM tracing_task";

TaskRow to_row(const storage::Row& r) {
  TaskRow t;
  t.case_id = r.string(0);
  t.task_id = r.string(1);
  t.subject = r.string(2);
  t.person_id = r.string(3);
  t.level = static_cast<int>(r.integer(4));
  t.ward_code = r.string(5);
  t.assignee = r.string(6);
  t.state = r.string(7);
  t.last_outcome = r.string(8);
  t.calls = static_cast<int>(r.integer(9));
  t.due_at = r.optional_instant(10);
  t.version = static_cast<int>(r.integer(11));
  return t;
}

}  // namespace

Result<std::vector<TaskRow>> tasks_of_case(storage::Reader& reader, const std::string& case_id) {
  return reader.list(std::string(select) + " WHERE case_id = $1 ORDER BY task_id", {case_id}, to_row);
}

Result<void> insert_tasks(storage::Transaction& tx, const std::vector<TaskRow>& rows) {
  std::vector<storage::Values> values;
  values.reserve(rows.size());
  for (const TaskRow& t : rows)
    values.push_back({t.case_id, t.task_id, t.subject, t.person_id, t.level, t.ward_code, t.assignee, t.state, t.last_outcome, t.calls, t.due_at, t.version});
  if (values.empty()) return {};
  return tx.bulk_insert("tracing_task", columns, values);
}

Result<void> move_tasks(storage::Transaction& tx, const std::vector<TaskRow>& rows) {
  std::vector<storage::Values> sets;
  for (const TaskRow& t : rows) sets.push_back({t.person_id, t.level, t.ward_code, t.state, t.case_id, t.task_id});
  if (!sets.empty())
    TRY(tx.execute_many("UPDATE tracing_task SET person_id = $1, level = $2, ward_code = $3, state = $4, version = version + 1 WHERE case_id = $5 AND task_id = $6", sets));
  return {};
}

Result<std::optional<TaskRow>> find_task(storage::Reader& reader, const std::string& task_id) {
  return reader.find(std::string(select) + " WHERE task_id = $1", {task_id}, to_row);
}

Result<std::int64_t> update_task(storage::Transaction& tx, const TaskRow& t, int version_seen) {
  TRY_ASSIGN(const std::int64_t changed, tx.execute(
      "UPDATE tracing_task SET assignee = $1, state = $2, last_outcome = $3, calls = $4, due_at = $5, version = version + 1 "
      "WHERE case_id = $6 AND task_id = $7 AND version = $8",
      {t.assignee, t.state, t.last_outcome, t.calls, t.due_at, t.case_id, t.task_id, version_seen}));
  if (changed == 0) return changed;
  TRY(tx.execute("UPDATE tracing_contact SET state = $1, assignee = $2, due_at = $3 WHERE case_id = $4 AND person_id = $5",
                 {t.state, t.assignee, t.due_at, t.case_id, t.person_id}));
  return changed;
}

Result<std::vector<TaskRow>> list_tasks(storage::Reader& reader, const Wards& wards, const TaskQuery& q, std::int64_t& total) {
  Where where;
  if (q.state.empty()) where.join(is_open);
  else where.add("state = $", q.state);
  if (!q.case_id.empty()) where.add("case_id = $", q.case_id);
  if (!q.ward_code.empty()) where.add("ward_code = $", q.ward_code);
  if (!q.assignee.empty()) where.add("assignee = $", q.assignee);
  if (q.unassigned) where.join("assignee = ''");
  if (q.level) where.add("level = $", *q.level);
  if (q.due_before) where.add("due_at < $", *q.due_before);
  where.within(wards, "ward_code");
  TRY_ASSIGN(total, count_rows(reader, "tracing_task", where));
  std::string sql = std::string(select) + where.sql() + " ORDER BY due_at, level, task_id";
  sql += where.page(q.page, q.page_size);
  return reader.list(sql, where.values(), to_row);
}

Result<std::int64_t> count_tasks_of(storage::Reader& reader, const std::string& account, std::int64_t limit) {
  TRY_ASSIGN(const auto n, reader.find(std::string("SELECT COUNT(*) FROM (SELECT 1 FROM tracing_task WHERE assignee = $1 AND ") + is_open + " LIMIT $2) AS counted",
                                       {account, limit}, [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

Result<std::map<std::string, TaskLoad>> task_loads(storage::Reader& reader, Instant now) {
  std::map<std::string, TaskLoad> loads;
  TRY(reader.query(std::string("SELECT assignee, COUNT(*), SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) FROM tracing_task WHERE assignee > '' AND ") + is_open +
                       " GROUP BY assignee",
                   {now}, [&](const storage::Row& r) { loads[r.string(0)] = {r.integer(1), r.integer(2)}; }));
  return loads;
}

Result<std::vector<Count>> count_tasks_by_ward(storage::Reader& reader, const Wards& wards) {
  Where where;
  where.join(is_open);
  where.within(wards, "ward_code");
  return reader.list("SELECT ward_code, COUNT(*) FROM tracing_task" + where.sql() + " GROUP BY ward_code ORDER BY ward_code", where.values(),
                     [](const storage::Row& r) { return Count{r.string(0), r.integer(1)}; });
}

Result<void> insert_call(storage::Transaction& tx, const TaskRow& task, const CallEntry& call) {
  TRY(tx.execute("INSERT INTO tracing_call (case_id, task_id, number, at, actor, outcome, note, appointment_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                 {task.case_id, task.task_id, task.calls, call.at, call.actor, call.outcome, call.note, call.appointment_at}));
  return {};
}

Result<std::vector<CallEntry>> calls_of(storage::Reader& reader, const std::string& case_id, const std::string& task_id) {
  return reader.list("SELECT at, actor, outcome, note, appointment_at FROM tracing_call WHERE case_id = $1 AND task_id = $2 ORDER BY number DESC", {case_id, task_id},
                     [](const storage::Row& r) { return CallEntry{r.instant(0), r.string(1), r.string(2), r.string(3), r.optional_instant(4)}; });
}

}  // namespace motcua::tracing::store
