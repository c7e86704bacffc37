#include "platform/intake/store.hpp"

#include <algorithm>

#include "platform/intake/limits.hpp"

namespace motcua::intake {
namespace {

constexpr const char* select_import =
    "SELECT import_id, kind, source, shown_name, actor, started_at, heard_at, ended_at, rows_read, rows_accepted, rows_updated, "
    "rows_unchanged, rows_rejected, rows_warned, rejected_file, failure_code, failure_field, failure_row FROM intake_import ";

std::string to_state(const ImportRecord& import, Instant now) {
  if (import.ended_at) return import.failure_code.empty() ? "done" : "failed";
  return to_millis(now) - to_millis(import.heard_at) > import_silence_ms_max ? "interrupted" : "running";
}

ImportRecord to_import(const storage::Row& row, Instant now) {
  ImportRecord import{.id = row.string(0), .kind = row.string(1), .source = row.string(2), .shown_name = row.string(3), .actor = row.string(4),
                      .started_at = row.instant(5), .heard_at = row.instant(6), .ended_at = row.optional_instant(7)};
  auto& sum = import.summary;
  sum.read = row.integer(8), sum.accepted = row.integer(9), sum.updated = row.integer(10);
  sum.unchanged = row.integer(11), sum.rejected = row.integer(12), sum.warned = row.integer(13);
  sum.rejected_file = row.string(14), sum.import_id = import.id;
  sum.seconds = static_cast<double>(to_millis(import.ended_at.value_or(import.heard_at)) - to_millis(import.started_at)) / 1000.0;
  import.failure_code = row.string(15), import.failure_field = row.string(16), import.failure_row = row.optional_integer(17);
  import.state = to_state(import, now);
  return import;
}

}  // namespace

Result<std::vector<ImportRecord>> list_imports(storage::Reader& reader, Instant now, std::optional<Instant> before, int limit) {
  limit = std::clamp(limit, 1, imports_page_max);
  auto map = [&](const storage::Row& row) { return to_import(row, now); };
  if (before)
    return reader.list(std::string(select_import) + "WHERE started_at < $1 ORDER BY started_at DESC, import_id LIMIT $2", {*before, limit}, map);
  return reader.list(std::string(select_import) + "ORDER BY started_at DESC, import_id LIMIT $1", {limit}, map);
}

Result<ImportRecord> get_import(storage::Reader& reader, Instant now, std::string_view import_id) {
  TRY_ASSIGN(auto found, reader.find(std::string(select_import) + "WHERE import_id = $1", {import_id},
                                     [&](const storage::Row& row) { return to_import(row, now); }));
  if (!found) return not_found("intake.import_not_found");
  return std::move(*found);
}

namespace store {

Result<void> save_start(storage::Transaction& tx, const Kind& kind, const ImportOptions& options, const Act& act, Instant now) {
  TRY(tx.execute("INSERT INTO intake_import (import_id, kind, source, shown_name, actor, started_at, heard_at, rows_read, rows_accepted, "
                 "rows_updated, rows_unchanged, rows_rejected, rows_warned, rejected_file, failure_code, failure_field) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, '', '', '')",
                 {options.import_id, kind.name, options.source, options.shown_name, act.actor, now, now}));
  return {};
}

Result<void> save_progress(storage::Transaction& tx, const std::string& import_id, std::int64_t read, const BatchCounts& counts,
                           std::int64_t rejected, std::int64_t warned, Instant now) {
  TRY(tx.execute("UPDATE intake_import SET rows_read = $2, rows_accepted = $3, rows_updated = $4, rows_unchanged = $5, "
                 "rows_rejected = $6, rows_warned = $7, heard_at = $8 WHERE import_id = $1",
                 {import_id, read, counts.accepted, counts.updated, counts.unchanged, rejected, warned, now}));
  return {};
}

Result<void> save_end(storage::Transaction& tx, const Summary& s, const Failure* failure, Instant now) {
  TRY(tx.execute("UPDATE intake_import SET rows_read = $2, rows_accepted = $3, rows_updated = $4, rows_unchanged = $5, rows_rejected = $6, "
                 "rows_warned = $7, heard_at = $8, ended_at = $9, rejected_file = $10, failure_code = $11, failure_field = $12, "
                 "failure_row = $13 WHERE import_id = $1",
                 {s.import_id, s.read, s.accepted, s.updated, s.unchanged, s.rejected, s.warned, now, now, s.rejected_file,
                  failure ? failure->code : "", failure ? failure->field : "",
                  failure ? storage::Value(failure->row) : storage::Value()}));
  return {};
}

}  // namespace store
}  // namespace motcua::intake
