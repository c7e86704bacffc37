#include <map>

#include "rooms/identity/repair_desk.hpp"

namespace motcua::identity::store {
namespace {

using storage::Row;
using storage::Values;

const std::string columns = "SELECT subject_id, field, says, should_say, source, probability, state, repair_id, decided_by, decided_at FROM identity_correction ";

StoredCorrection correction_of(const Row& row) {
  return {row.string(0), static_cast<RepairField>(row.integer(1)), row.string(2), row.string(3), row.string(4), row.real(5),
          static_cast<CorrectionState>(row.integer(6)), row.string(7), row.string(8), row.instant(9)};
}

bool is_persons(const StoredCorrection& c) { return c.state == CorrectionState::confirmed || c.state == CorrectionState::refused; }

}  // namespace

Result<std::vector<StoredCorrection>> corrections_of(Reader& reader, std::span<const std::string> subjects) {
  static const std::string sql = columns + "WHERE subject_id IN " + chunk_placeholders();
  std::vector<StoredCorrection> out;
  TRY(in_chunks(subjects, [&](Values ids) { return reader.query(sql, ids, [&](const Row& row) { out.push_back(correction_of(row)); }); }));
  return out;
}

Result<std::int64_t> put_corrections(Transaction& tx, std::span<const std::string> subjects, std::span<const StoredCorrection> corrections) {
  TRY_ASSIGN(const auto known, corrections_of(tx, subjects));
  std::map<std::pair<std::string_view, RepairField>, const StoredCorrection*> there;
  for (const auto& k : known) there[{k.subject, k.field}] = &k;
  std::vector<Values> fresh, old;
  std::int64_t added = 0;
  for (const auto& c : corrections) {
    const auto known_one = there.extract({c.subject, c.field});
    const StoredCorrection* k = known_one ? known_one.mapped() : nullptr;
    const bool same = k && k->says == c.says && k->should_say == c.should_say;
    if (same && (k->state == c.state || is_persons(*k))) continue;
    if (k) old.push_back({k->subject, static_cast<int>(k->field)});
    added += same ? 0 : 1;
    fresh.push_back({c.subject, static_cast<int>(c.field), c.says, c.should_say, c.source, c.probability, static_cast<int>(c.state), c.repair_id,
                     c.decided_by, c.decided_at});
  }
  for (const auto& [at, k] : there)
    if (!is_persons(*k)) old.push_back({k->subject, static_cast<int>(k->field)});
  if (!old.empty()) TRY(tx.execute_many("DELETE FROM identity_correction WHERE subject_id = $1 AND field = $2", old));
  if (!fresh.empty())
    TRY(tx.bulk_insert("identity_correction", {"subject_id", "field", "says", "should_say", "source", "probability", "state", "repair_id", "decided_by", "decided_at"},
                       fresh));
  return added;
}

namespace {

const std::string repair_columns =
    "SELECT repair_id, actor, state, given_at, ended_at, rows_read, rows_right, repaired, review, left_rows, recorded, failure FROM identity_repair ";

RepairRun run_of(const Row& row) {
  RepairRun run;
  run.repair_id = row.string(0), run.actor = row.string(1), run.state = static_cast<RepairState>(row.integer(2));
  run.given_at = row.instant(3), run.ended_at = row.optional_instant(4);
  run.summary.read = row.integer(5), run.summary.right = row.integer(6), run.summary.repaired = row.integer(7), run.summary.review = row.integer(8);
  run.summary.left = row.integer(9), run.summary.recorded = row.integer(10);
  run.failure_code = row.string(11);
  return run;
}

Values values_of(const RepairRun& r) {
  return {r.repair_id, r.actor, static_cast<int>(r.state), r.given_at, r.ended_at, r.summary.read, r.summary.right, r.summary.repaired, r.summary.review,
          r.summary.left, r.summary.recorded, r.failure_code};
}

}  // namespace

Result<void> insert_repair(Transaction& tx, const RepairRun& run) {
  TRY(tx.execute("INSERT INTO identity_repair (repair_id, actor, state, given_at, ended_at, rows_read, rows_right, repaired, review, left_rows, recorded, failure) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", values_of(run)));
  return {};
}

Result<void> update_repair(Transaction& tx, const RepairRun& run) {
  TRY(tx.execute("UPDATE identity_repair SET actor = $2, state = $3, given_at = $4, ended_at = $5, rows_read = $6, rows_right = $7, repaired = $8, review = $9, "
                 "left_rows = $10, recorded = $11, failure = $12 WHERE repair_id = $1", values_of(run)));
  return {};
}

Result<bool> settle_correction(Transaction& tx, std::string_view subject, RepairField field, CorrectionState state, std::string_view by, Instant now) {
  TRY_ASSIGN(const auto changed, tx.execute("UPDATE identity_correction SET state = $3, decided_by = $4, decided_at = $5 WHERE subject_id = $1 AND field = $2 AND state = 0",
                                            {subject, static_cast<int>(field), static_cast<int>(state), by, now}));
  return changed > 0;
}

Result<std::optional<RepairRun>> find_repair(Reader& reader, std::string_view repair_id) {
  return reader.find(repair_columns + "WHERE repair_id = $1", {repair_id}, run_of);
}

Result<std::vector<RepairRun>> newest_repairs(Reader& reader, int limit) {
  return reader.list(repair_columns + "ORDER BY given_at DESC LIMIT $1", {limit}, run_of);
}

}  // namespace motcua::identity::store
