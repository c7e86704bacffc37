#include "rooms/identity/model_view.hpp"
#include "rooms/identity/store.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Value;
using storage::Values;

constexpr std::string_view task_columns =
    "task_id, subject_a, subject_b, ward_code, decided_by, event_id, probability, bits, state, created_at, decided_at";

Task to_task(const Row& row) {
  Task t;
  t.task_id = row.string(0);
  t.subject_a = row.string(1);
  t.subject_b = row.string(2);
  t.ward_code = row.string(3);
  t.decided_by = row.string(4);
  t.event_id = row.string(5);
  t.probability = row.real(6);
  t.bits = row.real(7);
  t.state = static_cast<ReviewState>(row.integer(8));
  t.created_at = row.instant(9);
  t.decided_at = row.optional_instant(10);
  return t;
}

Event to_event(const Row& row) {
  Event e;
  e.event_id = row.string(0);
  e.kind = static_cast<ChangeKind>(row.integer(1));
  e.actor = row.string(2);
  e.at = row.instant(3);
  e.task_id = row.string(4);
  e.undone_at = row.optional_instant(5);
  return e;
}

Constraint to_constraint(const Row& row) { return {row.string(0), row.string(1), row.string(2), row.string(3), row.integer(4) != 0}; }

Result<void> discard(Result<std::int64_t> changed) {
  if (!changed) return std::move(changed).failure();
  return {};
}

Result<void> run_many(Transaction& tx, std::string_view sql, const std::vector<Values>& rows) {
  if (rows.empty()) return {};
  auto changed = tx.execute_many(sql, rows);
  if (!changed) return std::move(changed).failure();
  return {};
}

/// " AND ward_code IN ($n, ...)" for as many wards, padded to hundreds so that few statements are prepared.
std::string ward_clause(const std::optional<std::vector<std::string>>& wards, Values& parameters) {
  if (!wards) return {};
  if (wards->empty()) return " AND 1 = 0";
  std::string sql = " AND ward_code IN (";
  const std::size_t padded = (wards->size() + chunk_ids - 1) / chunk_ids * chunk_ids;
  for (std::size_t i = 0; i < padded; ++i) {
    parameters.emplace_back((*wards)[std::min(i, wards->size() - 1)]);
    sql += (i > 0 ? ",$" : "$") + std::to_string(parameters.size());
  }
  return sql + ")";
}

}  // namespace

Result<std::vector<TaskPair>> open_tasks(Reader& reader) {
  return reader.list("SELECT task_id, subject_a, subject_b FROM identity_review WHERE state = 0", {},
                     [](const Row& row) { return TaskPair{row.string(0), row.string(1), row.string(2)}; });
}

Result<void> put_task(Transaction& tx, const Task& t) {
  return discard(tx.execute(
      "INSERT INTO identity_review (task_id, subject_a, subject_b, probability, bits, ward_code, state, created_at, decided_by, decided_at, "
      "event_id) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', NULL, '') ON CONFLICT (task_id) DO UPDATE SET "
      "probability = excluded.probability, bits = excluded.bits, ward_code = excluded.ward_code WHERE identity_review.state = 0",
      {t.task_id, t.subject_a, t.subject_b, t.probability, t.bits, t.ward_code, t.created_at}));
}

Result<void> remove_open_tasks(Transaction& tx, std::span<const std::string> task_ids) {
  std::vector<Values> rows;
  for (const auto& id : task_ids) rows.push_back({id});
  return run_many(tx, "DELETE FROM identity_review WHERE task_id = $1 AND state = 0", rows);
}

Result<std::int64_t> count_open_tasks(Reader& reader) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM identity_review WHERE state = 0", {}, [](const Row& row) { return row.integer(0); }));
  return n.value_or(0);
}

Result<std::optional<Task>> find_task(Reader& reader, std::string_view task_id) {
  return reader.find("SELECT " + std::string(task_columns) + " FROM identity_review WHERE task_id = $1", {task_id}, to_task);
}

Result<void> decide_task(Transaction& tx, const Task& t) {
  return discard(tx.execute("UPDATE identity_review SET state = $2, decided_by = $3, decided_at = $4, event_id = $5 WHERE task_id = $1",
                            {t.task_id, static_cast<int>(t.state), t.decided_by, Value(t.decided_at), t.event_id}));
}

Result<std::vector<WardCount>> wards_of_tasks(Reader& reader, ReviewState state) {
  return reader.list("SELECT ward_code, COUNT(*) FROM identity_review WHERE state = $1 GROUP BY ward_code", {static_cast<int>(state)},
                     [](const Row& row) { return WardCount{row.string(0), row.integer(1)}; });
}

Result<std::vector<Task>> list_tasks(Reader& reader, ReviewState state, const std::optional<std::vector<std::string>>& wards, int limit,
                                     std::int64_t offset) {
  Values parameters{static_cast<int>(state), limit, offset};
  const std::string clause = ward_clause(wards, parameters);
  return reader.list("SELECT " + std::string(task_columns) + " FROM identity_review WHERE state = $1" + clause +
                         " ORDER BY probability DESC, task_id DESC LIMIT $2 OFFSET $3",
                     parameters, to_task);
}

Result<std::optional<std::string>> task_after(Reader& reader, const Task& task, const std::optional<std::vector<std::string>>& wards) {
  Values parameters{task.probability, task.task_id};
  const std::string clause = ward_clause(wards, parameters);
  return reader.find("SELECT task_id FROM identity_review WHERE state = 0 AND (probability < $1 OR (probability = $1 AND task_id < $2))" +
                         clause + " ORDER BY probability DESC, task_id DESC LIMIT 1",
                     parameters, [](const Row& row) { return row.string(0); });
}

Result<std::vector<Constraint>> constraints(Reader& reader) {
  return reader.list("SELECT subject_a, subject_b, event_id, actor, same FROM identity_decision WHERE undone_at IS NULL "
                     "ORDER BY subject_a, subject_b, event_id", {}, to_constraint);
}

Result<std::vector<linkage::Index::Decision>> decisions_between_named(Reader& reader) {
  return reader.list(
      "SELECT a.source, a.record_id, b.source, b.record_id, d.same FROM identity_decision d JOIN identity_record a ON a.subject_id = d.subject_a "
      "JOIN identity_record b ON b.subject_id = d.subject_b WHERE d.undone_at IS NULL AND a.full_name <> '' AND b.full_name <> ''",
      {}, [](const Row& row) { return linkage::Index::Decision{key_of(row.text(0), row.text(1)), key_of(row.text(2), row.text(3)), row.integer(4) != 0}; });
}

Result<std::vector<Constraint>> constraints_of(Reader& reader, std::span<const std::string> subjects) {
  static const std::string sql = "SELECT subject_a, subject_b, event_id, actor, same FROM identity_decision WHERE undone_at IS NULL AND ";
  std::vector<Constraint> out;
  for (const std::string_view column : {"subject_a", "subject_b"})
    TRY(in_chunks(subjects, [&](Values ids) {
      return reader.query(sql + std::string(column) + " IN " + chunk_placeholders(), ids, [&](const Row& row) { out.push_back(to_constraint(row)); });
    }));
  return out;
}

Result<void> put_constraints(Transaction& tx, std::span<const Constraint> list, Instant now) {
  std::vector<Values> rows;
  for (const Constraint& c : list) rows.push_back({c.subject_a, c.subject_b, c.event_id, c.same, c.actor, now});
  return run_many(tx, "INSERT INTO identity_decision (subject_a, subject_b, event_id, same, actor, decided_at, undone_at, undone_by) "
                      "VALUES ($1, $2, $3, $4, $5, $6, NULL, '')", rows);
}

Result<void> retire_constraints(Transaction& tx, std::span<const Constraint> list, std::string_view by_event, Instant now) {
  std::vector<Values> rows;
  for (const Constraint& c : list) rows.push_back({c.subject_a, c.subject_b, c.event_id, now, by_event});
  return run_many(tx, "UPDATE identity_decision SET undone_at = $4, undone_by = $5 WHERE subject_a = $1 AND subject_b = $2 AND event_id = $3 "
                      "AND undone_at IS NULL", rows);
}

Result<void> put_event(Transaction& tx, const Event& e, std::span<const Move> moves, std::span<const std::string> person_ids) {
  TRY(discard(tx.execute("INSERT INTO identity_event (event_id, kind, actor, at, task_id, undone_at) VALUES ($1, $2, $3, $4, $5, NULL)",
                         {e.event_id, static_cast<int>(e.kind), e.actor, e.at, e.task_id})));
  std::vector<Values> rows;
  for (const Move& m : moves) rows.push_back({e.event_id, m.subject, m.person_before, m.person_after, m.decided_before});
  TRY(run_many(tx, "INSERT INTO identity_event_move (event_id, subject_id, person_before, person_after, decided_before) "
                   "VALUES ($1, $2, $3, $4, $5)", rows));
  rows.clear();
  for (const auto& id : person_ids) rows.push_back({id, e.event_id});
  return run_many(tx, "INSERT INTO identity_event_person (person_id, event_id) VALUES ($1, $2) ON CONFLICT (person_id, event_id) DO NOTHING", rows);
}

Result<std::optional<Event>> find_event(Reader& reader, std::string_view event_id) {
  return reader.find("SELECT event_id, kind, actor, at, task_id, undone_at FROM identity_event WHERE event_id = $1", {event_id}, to_event);
}

Result<std::vector<Move>> moves_of(Reader& reader, std::string_view event_id) {
  return reader.list("SELECT subject_id, person_before, person_after, decided_before FROM identity_event_move WHERE event_id = $1 ORDER BY subject_id",
                     {event_id}, [](const Row& row) { return Move{row.string(0), row.string(1), row.string(2), row.string(3)}; });
}

Result<std::vector<std::string>> persons_of_event(Reader& reader, std::string_view event_id) {
  return reader.list("SELECT person_id FROM identity_event_person WHERE event_id = $1 ORDER BY person_id", {event_id},
                     [](const Row& row) { return row.string(0); });
}

Result<void> undo_event(Transaction& tx, std::string_view event_id, Instant now) {
  TRY(discard(tx.execute("UPDATE identity_event SET undone_at = $2 WHERE event_id = $1", {event_id, now})));
  TRY(discard(tx.execute("UPDATE identity_decision SET undone_at = NULL, undone_by = '' WHERE undone_by = $1 AND event_id <> $1 "
                         "AND event_id IN (SELECT event_id FROM identity_event WHERE undone_at IS NULL)", {event_id})));
  return discard(tx.execute("UPDATE identity_decision SET undone_at = $2, undone_by = $1 WHERE event_id = $1 AND undone_at IS NULL", {event_id, now}));
}

Result<std::vector<Event>> events_of_person(Reader& reader, std::string_view person_id, int limit) {
  return reader.list("SELECT e.event_id, e.kind, e.actor, e.at, e.task_id, e.undone_at FROM identity_event_person p "
                     "JOIN identity_event e ON e.event_id = p.event_id WHERE p.person_id = $1 ORDER BY e.at DESC, e.event_id LIMIT $2",
                     {person_id, limit}, to_event);
}

Result<std::vector<Reviewed>> reviewed_pairs(Reader& reader, int limit) {
  return reader.list("SELECT probability, state FROM identity_review WHERE state <> 0 ORDER BY decided_at DESC LIMIT $1", {limit},
                     [](const Row& row) { return Reviewed{row.real(0), static_cast<ReviewState>(row.integer(1)) == ReviewState::accepted}; });
}

}  // namespace motcua::identity::store
