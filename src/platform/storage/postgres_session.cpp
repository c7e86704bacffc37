#include "platform/storage/postgres_session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "platform/storage/postgres_values.hpp"

namespace motcua::storage {

namespace {

constexpr std::size_t statements_kept_max = 512;
/// Answers of so many statements (some 40 bytes each) fit a socket's buffer, so that neither side waits for the other.
constexpr std::size_t pipeline_chunk = 256;
constexpr std::size_t one_plan_sets_min = 32;
constexpr std::size_t copy_chunk_bytes = 256 * 1024;
constexpr int settle_tries_max = 50;
constexpr std::int64_t schema_lock_key = 0x6d6f74637561;   // "motcua"
constexpr std::int64_t writers_lock_key = 0x6d6f74637577;  // "motcuw": shared by all writers, held alone by one that lost a race

bool good(const PGresult* r) {
  const auto status = PQresultStatus(r);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

std::vector<Oid> types_of(const Values& parameters) {
  std::vector<Oid> types;
  for (const auto& p : parameters) types.push_back(oid_of(p));
  return types;
}

std::int64_t rows_changed(PGresult* r) { return std::strtoll(PQcmdTuples(r), nullptr, 10); }

}  // namespace

Failure postgres_failure(const char* sqlstate, std::string_view sql) {
  const std::string_view state = sqlstate != nullptr ? sqlstate : "08006";
  const auto detail = fmt::format("postgresql {} in: {}", state, statement_text(sql));
  if (state.starts_with("23")) return {FailureKind::conflict, "storage.constraint", {}, {}, {}, detail};
  if (state == "22021" || state == "22P05") return {FailureKind::invalid, "storage.bad_text", {}, {}, {}, detail};
  if (state.starts_with("54")) return {FailureKind::too_large, "storage.too_large", {}, {}, {}, detail};
  if (state == "55P03" || state == "40001" || state == "40P01" || state == "53300") return unavailable("storage.busy", detail);
  if (state == "53100") return unavailable("storage.disk_full", detail);
  if (state.starts_with("08") || state.starts_with("53") || state.starts_with("57") || state.starts_with("58"))
    return unavailable("storage.unavailable", detail);
  if (state.starts_with("XX")) return {FailureKind::corrupt, "storage.corrupt", {}, {}, {}, detail};
  return internal("storage.failed", detail);
}

Result<PgConnection> connect_postgres(const std::string& url, SessionUse use) {
  const char* const names[] = {"dbname", "connect_timeout", "client_encoding", "application_name", "options", nullptr};
  const char* const options =
      "-c synchronous_commit=on -c lock_timeout=30s -c timezone=UTC -c client_min_messages=warning -c bytea_output=hex "
      "-c plan_cache_mode=force_custom_plan";  // a plan kept from when a table was empty is a bad one for years
  const char* const values[] = {url.c_str(), "10", "UTF8", use == SessionUse::write ? "motcua-writer" : "motcua-reader", options, nullptr};
  PgConnection connection(PQconnectdbParams(names, values, 1));
  if (!connection || PQstatus(connection.get()) != CONNECTION_OK)
    return unavailable("storage.cannot_connect", "postgresql: connection refused or settings wrong");
  if (const char* encoding = PQparameterStatus(connection.get(), "server_encoding");
      encoding == nullptr || std::strcmp(encoding, "UTF8") != 0)
    return unavailable("storage.not_utf8", "the database is not in UTF-8");
  PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

Failure PostgresSession::fail(const PGresult* result, std::string_view sql) {
  const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    trouble_ = Trouble::broken;
  else if (state != nullptr && (std::strcmp(state, "40001") == 0 || std::strcmp(state, "40P01") == 0))
    trouble_ = Trouble::replay;
  return postgres_failure(state, sql);
}

void PostgresSession::forget_statements() {
  statements_.clear();
  (void)PgResult(PQexec(connection_.get(), "DEALLOCATE ALL"));
}

/// A parameter that was NULL until now and has a type today (or changed it) makes a new statement; a NULL takes the type known.
Result<const PostgresSession::Prepared*> PostgresSession::prepare(std::string_view sql, const std::vector<Oid>& types) {
  put_stream_aside();
  auto found = statements_.find(sql);
  auto wanted = types;
  if (found != statements_.end()) {
    const auto& known = found->second.types;
    for (std::size_t i = 0; i < wanted.size() && i < known.size(); ++i)
      if (wanted[i] == 0) wanted[i] = known[i];
    if (wanted == known) return &found->second;
  }
  // Those replaced and those beyond the limit die with the connection; the limit counts them all.
  if (statements_.size() >= statements_kept_max) {
    statements_.clear();
    found = statements_.end();
  }
  const auto name = fmt::format("s{}", ++statement_count_);
  const std::string text(sql);
  const PgResult prepared(
      PQprepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(wanted.size()), wanted.data()));
  if (!good(prepared.get())) return fail(prepared.get(), sql);
  auto& entry = found != statements_.end() ? found->second : statements_[text];
  entry = {name, std::move(wanted)};
  return &entry;
}

Result<PgResult> PostgresSession::run(std::string_view sql, const Values& parameters) {
  TRY(check_text(parameters));
  TRY_ASSIGN(const auto* prepared, prepare(sql, types_of(parameters)));
  const PgParameters bound(parameters);
  PgResult result(PQexecPrepared(connection_.get(), prepared->name.c_str(), static_cast<int>(parameters.size()),
                                 bound.values.data(), bound.lengths.data(), bound.formats.data(), 0));
  if (!good(result.get())) return fail(result.get(), sql);
  return result;
}

class PostgresSession::Stream {
 public:
  Stream(PostgresSession& session, PGconn* connection) : session_(session), connection_(connection) { session_.stream_ = this; }
  ~Stream() {
    if (session_.stream_ == this) session_.stream_ = nullptr;
    while (!ended_) (void)take();  // a visitor threw, or a row failed: the rest is thrown away
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// The next result; null at the end.
  PgResult next() {
    if (aside_.empty()) return ended_ ? PgResult() : take();
    auto result = std::move(aside_.front());
    aside_.pop_front();
    return result;
  }
  void put_aside() {
    while (auto result = ended_ ? PgResult() : take()) aside_.push_back(std::move(result));
    session_.stream_ = nullptr;
  }

 private:
  PgResult take() {
    PgResult result(PQgetResult(connection_));
    if (!result) {
      ended_ = true;
      if (session_.stream_ == this) session_.stream_ = nullptr;
    }
    return result;
  }

  PostgresSession& session_;
  PGconn* connection_;
  std::deque<PgResult> aside_;
  bool ended_ = false;
};

void PostgresSession::put_stream_aside() {
  if (stream_ != nullptr) stream_->put_aside();
}

Result<void> PostgresSession::query(std::string_view sql, const Values& parameters, const RowVisitor& visit) {
  TRY(check_text(parameters));
  TRY_ASSIGN(const auto* prepared, prepare(sql, types_of(parameters)));
  const PgParameters bound(parameters);
  if (PQsendQueryPrepared(connection_.get(), prepared->name.c_str(), static_cast<int>(parameters.size()), bound.values.data(),
                          bound.lengths.data(), bound.formats.data(), 0) == 0)
    return fail(nullptr, sql);
  PQsetSingleRowMode(connection_.get());
  Stream stream(*this, connection_.get());
  while (const auto result = stream.next()) {
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_SINGLE_TUPLE && !good(result.get())) return fail(result.get(), sql);
    PgRow row(result.get());
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      row.at(i);
      visit(row);
    }
  }
  return {};
}

Result<std::int64_t> PostgresSession::execute(std::string_view sql, const Values& parameters) {
  TRY_ASSIGN(const auto result, run(sql, parameters));
  return rows_changed(result.get());
}

Result<std::vector<std::int64_t>> PostgresSession::execute_many(std::string_view sql, const std::vector<Values>& sets) {
  std::vector<Oid> types(sets.empty() ? 0 : sets.front().size(), 0);
  for (const auto& set : sets) {
    TRY(check_text(set));
    if (set.size() != types.size()) return internal("storage.failed", "sets differ in length: " + statement_text(sql));
    for (std::size_t i = 0; i < set.size(); ++i)
      if (const auto oid = oid_of(set[i]); oid != 0) types[i] = oid;
  }
  TRY_ASSIGN(const auto* prepared, prepare(sql, types));
  std::vector<std::int64_t> changed;
  changed.reserve(sets.size());
  const std::span<const Values> all(sets);
  // An insert has one plan whatever its values and however large the table: making it once is enough.
  const bool one_plan = sets.size() >= one_plan_sets_min && sql.starts_with("INSERT");
  if (one_plan) TRY(run_script("SET plan_cache_mode=force_generic_plan"));
  for (std::size_t from = 0; from < all.size(); from += pipeline_chunk)
    TRY(send_chunk(*prepared, sql, all.subspan(from, std::min(pipeline_chunk, all.size() - from)), changed));
  if (one_plan) TRY(run_script("SET plan_cache_mode=force_custom_plan"));  // a failure above undoes the other with its transaction
  return changed;
}

Result<void> PostgresSession::send_chunk(const Prepared& prepared, std::string_view sql, std::span<const Values> sets,
                                         std::vector<std::int64_t>& changed) {
  auto* c = connection_.get();
  std::optional<Failure> failed;
  if (PQenterPipelineMode(c) == 0) return fail(nullptr, sql);
  for (const auto& set : sets) {
    const PgParameters bound(set);
    if (PQsendQueryPrepared(c, prepared.name.c_str(), static_cast<int>(set.size()), bound.values.data(), bound.lengths.data(),
                            bound.formats.data(), 0) == 0 && !failed)
      failed = fail(nullptr, sql);
  }
  if (failed || PQpipelineSync(c) == 0) {  // half a pipeline cannot be taken back: another connection runs the group again
    auto failure = failed ? *failed : fail(nullptr, sql);
    trouble_ = Trouble::broken;
    return failure;
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const PgResult result(PQgetResult(c));
    if (!failed && !good(result.get())) failed = fail(result.get(), sql);
    if (!failed) changed.push_back(rows_changed(result.get()));
    if (result) (void)PgResult(PQgetResult(c));  // the null that ends this statement's results
    if (trouble_ == Trouble::broken) return *failed;
  }
  const PgResult sync(PQgetResult(c));
  PQexitPipelineMode(c);
  if (failed) return *failed;
  return {};
}

Result<void> PostgresSession::bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                          const std::vector<Values>& rows) {
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ",") + column;
  const auto sql = fmt::format("COPY {} ({}) FROM STDIN", table, names);
  for (const auto& row : rows) TRY(check_text(row));
  put_stream_aside();
  const PgResult started(PQexec(connection_.get(), sql.c_str()));
  if (PQresultStatus(started.get()) != PGRES_COPY_IN) return fail(started.get(), sql);
  return copy_rows(sql, rows);
}

Result<void> PostgresSession::copy_rows(std::string_view sql, const std::vector<Values>& rows) {
  auto* c = connection_.get();
  std::string buffer;
  bool sent = true;
  for (const auto& row : rows) {
    append_copy_row(buffer, row);
    if (buffer.size() < copy_chunk_bytes) continue;
    sent = sent && PQputCopyData(c, buffer.data(), static_cast<int>(buffer.size())) == 1;
    buffer.clear();
  }
  if (!buffer.empty()) sent = sent && PQputCopyData(c, buffer.data(), static_cast<int>(buffer.size())) == 1;
  sent = PQputCopyEnd(c, sent ? nullptr : "given up") == 1 && sent;
  std::optional<Failure> failed;
  for (;;) {
    const PgResult result(PQgetResult(c));
    if (!result) break;
    if (!good(result.get()) && !failed) failed = fail(result.get(), sql);
    if (PQstatus(c) != CONNECTION_OK) break;
  }
  if (!failed && !sent) failed = fail(nullptr, sql);
  if (failed) return *failed;
  return {};
}

Result<void> PostgresSession::run_script(std::string_view sql) {
  put_stream_aside();
  const std::string text(sql);
  const PgResult result(PQexec(connection_.get(), text.c_str()));
  if (!good(result.get())) return fail(result.get(), sql);
  return {};
}

Result<void> PostgresSession::begin_read() {
  trouble_ = Trouble::none;
  return run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

/// The transaction's number is asked for so that a commit whose answer was lost can be settled.
Result<void> PostgresSession::begin_write(bool alone) {
  trouble_ = Trouble::none;
  savepoint_open_ = false;
  const char* const lock = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
  const auto text = fmt::format("BEGIN; SELECT {}({}); SELECT pg_current_xact_id()::text", lock, writers_lock_key);
  const PgResult result(PQexec(connection_.get(), text.c_str()));
  if (!good(result.get())) return fail(result.get(), "BEGIN");
  transaction_id_ = PQgetvalue(result.get(), 0, 0);
  return {};
}

Result<void> PostgresSession::commit() {
  const PgResult result(PQexec(connection_.get(), "COMMIT"));
  if (good(result.get())) {
    if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") == 0) return {};
    return internal("storage.failed", "the transaction had failed before its commit");
  }
  auto failure = fail(result.get(), "COMMIT");
  if (trouble_ != Trouble::broken) return failure;
  return settle_commit();
}

/// The connection broke while committing: a new one is asked what became of the transaction.
Result<void> PostgresSession::settle_commit() {
  for (int attempt = 0; attempt < settle_tries_max; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    auto fresh = connect_postgres(url_, SessionUse::write);
    if (!fresh) continue;
    const char* const values[] = {transaction_id_.c_str()};
    const PgResult asked(PQexecParams(fresh->get(), "SELECT pg_xact_status($1::xid8)", 1, nullptr, values, nullptr, nullptr, 0));
    if (!good(asked.get())) continue;
    const std::string_view status = PQgetvalue(asked.get(), 0, 0);
    if (status == "in progress") continue;
    if (status == "committed") return {};  // the broken session is replaced before its next use
    return unavailable("storage.unavailable", "connection lost before the commit");
  }
  trouble_ = Trouble::lost;
  return unavailable("storage.outcome_unknown", "connection lost during the commit, and the server did not come back");
}

void PostgresSession::rollback() {
  if (!in_transaction()) return;
  const PgResult result(PQexec(connection_.get(), "ROLLBACK"));
  if (!good(result.get()) && PQstatus(connection_.get()) != CONNECTION_OK) trouble_ = Trouble::broken;
}

/// Opening the next savepoint releases the one before it: one round trip a body.
Result<void> PostgresSession::savepoint() {
  const bool open = savepoint_open_;
  savepoint_open_ = true;
  return run_script(open ? "RELEASE SAVEPOINT one; SAVEPOINT one" : "SAVEPOINT one");
}

Result<void> PostgresSession::release() { return {}; }

Result<void> PostgresSession::rollback_to_savepoint() { return run_script("ROLLBACK TO SAVEPOINT one"); }

Result<void> PostgresSession::lock_schema() {
  auto locked = run("SELECT pg_advisory_xact_lock($1)", {schema_lock_key});
  if (!locked) return std::move(locked).failure();
  return {};
}

}  // namespace motcua::storage
