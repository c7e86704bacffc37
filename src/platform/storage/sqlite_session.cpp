#include "platform/storage/sqlite_session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace motcua::storage {

namespace {

constexpr std::size_t statements_kept_max = 512;
constexpr int busy_timeout_ms = 5'000;
constexpr long parameter_number_max = 32'766;  // SQLite's own limit

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : s_(statement) {}
  bool is_null(int c) const override { return sqlite3_column_type(s_, c) == SQLITE_NULL; }
  std::int64_t integer(int c) const override { return sqlite3_column_int64(s_, c); }
  double real(int c) const override { return sqlite3_column_double(s_, c); }
  std::string_view text(int c) const override {
    const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(s_, c));
    if (p == nullptr) return {};
    return {p, static_cast<std::size_t>(sqlite3_column_bytes(s_, c))};
  }
  Bytes bytes(int c) const override {
    const auto* p = static_cast<const std::uint8_t*>(sqlite3_column_blob(s_, c));
    if (p == nullptr) return {};
    return {p, p + sqlite3_column_bytes(s_, c)};
  }

 private:
  sqlite3_stmt* s_;
};

int bind_one(sqlite3_stmt* s, int at, const Value& value) {
  struct Binder {
    sqlite3_stmt* s;
    int at;
    int operator()(std::monostate) const { return sqlite3_bind_null(s, at); }
    int operator()(std::int64_t v) const { return sqlite3_bind_int64(s, at, v); }
    int operator()(double v) const { return sqlite3_bind_double(s, at, v); }
    int operator()(const std::string& v) const { return sqlite3_bind_text64(s, at, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8); }
    int operator()(const Bytes& v) const {
      if (v.empty()) return sqlite3_bind_zeroblob(s, at, 0);
      return sqlite3_bind_blob64(s, at, v.data(), v.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Binder{s, at}, value.get());
}

/// Where each of $1, $2 ... is bound. Asked by name once a statement, since that is a search.
std::vector<int> places_of(sqlite3_stmt* s) {
  std::vector<int> places;
  for (int at = 1; at <= sqlite3_bind_parameter_count(s); ++at) {
    const char* name = sqlite3_bind_parameter_name(s, at);
    const long number = name != nullptr && *name == '$' ? std::strtol(name + 1, nullptr, 10) : 0;
    if (number < 1 || number > parameter_number_max) continue;
    if (places.size() < static_cast<std::size_t>(number)) places.resize(static_cast<std::size_t>(number), 0);
    places[static_cast<std::size_t>(number) - 1] = at;
  }
  return places;
}

/// SQLite counts its memory under a lock that every allocation takes; nobody asks for the sum.
void configure_once() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)done;
}

/// Settings a connection lives under. LIKE tells case apart, as on PostgreSQL. 16 MiB of cache for each reader; 256 MiB of the file
/// mapped. The log is checkpointed after 256 MiB, since an import touches the same pages again and again, and cut back to as much.
std::string settings_of(SessionUse use, std::int64_t cache_bytes) {
  std::string sql =
      "PRAGMA foreign_keys=ON; PRAGMA case_sensitive_like=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;";
  if (use == SessionUse::write)
    sql += "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=65536; PRAGMA journal_size_limit=268435456;"
           "PRAGMA cache_size=-" + std::to_string(cache_bytes / 1024) + ";";
  else
    sql += "PRAGMA query_only=ON; PRAGMA cache_size=-16384;";
  return sql;
}

}  // namespace

Failure sqlite_failure(int extended_code, std::string_view sql) {
  const auto detail = fmt::format("sqlite {} ({}) in: {}", extended_code, sqlite3_errstr(extended_code), statement_text(sql));
  switch (extended_code & 0xff) {
    case SQLITE_CONSTRAINT: return {FailureKind::conflict, "storage.constraint", {}, {}, {}, detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return unavailable("storage.busy", detail);
    case SQLITE_FULL: return unavailable("storage.disk_full", detail);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_PERM: return unavailable("storage.unavailable", detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {FailureKind::corrupt, "storage.corrupt", {}, {}, {}, detail};
    case SQLITE_TOOBIG: return {FailureKind::too_large, "storage.too_large", {}, {}, {}, detail};
    default: return internal("storage.failed", detail);
  }
}

Result<SqliteHandle> open_sqlite(const std::string& file, SessionUse use, std::int64_t cache_bytes) {
  configure_once();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (use == SessionUse::write) flags |= SQLITE_OPEN_CREATE;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  SqliteHandle handle(raw);
  if (opened != SQLITE_OK) return sqlite_failure(opened, "open");
  sqlite3_busy_timeout(handle.get(), busy_timeout_ms);
  const auto settings = settings_of(use, cache_bytes);
  if (const int set = sqlite3_exec(handle.get(), settings.c_str(), nullptr, nullptr, nullptr); set != SQLITE_OK)
    return sqlite_failure(set, settings);
  return handle;
}

Failure SqliteSession::fail(std::string_view sql) const {
  return sqlite_failure(sqlite3_extended_errcode(handle_.get()), sql);
}

Result<SqliteSession::Statement> SqliteSession::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  const bool in_use = found != statements_.end() && sqlite3_stmt_busy(found->second->handle.get()) != 0;
  if (found != statements_.end() && !in_use) return Statement(found->second.get(), Done{true});
  if (statements_.size() >= statements_kept_max)
    std::erase_if(statements_, [](const auto& entry) { return sqlite3_stmt_busy(entry.second->handle.get()) == 0; });
  sqlite3_stmt* raw = nullptr;
  const unsigned flags = in_use ? 0 : SQLITE_PREPARE_PERSISTENT;
  const int prepared = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), flags, &raw, nullptr);
  if (prepared != SQLITE_OK) return fail(sql);
  if (raw == nullptr) return internal("storage.failed", "empty statement");
  auto made = std::make_unique<Prepared>();
  made->handle.reset(raw);
  made->places = places_of(raw);
  if (in_use) return Statement(made.release(), Done{false});
  auto* kept = made.get();
  statements_.emplace(std::string(sql), std::move(made));
  return Statement(kept, Done{true});
}

void SqliteSession::Done::operator()(Prepared* prepared) const {
  if (!kept) {
    delete prepared;
    return;
  }
  sqlite3_reset(prepared->handle.get());
  sqlite3_clear_bindings(prepared->handle.get());
}

Result<void> SqliteSession::bind(const Prepared& statement, std::string_view sql, const Values& parameters) {
  TRY(check_text(parameters));
  if (parameters.size() < statement.places.size()) return internal("storage.failed", "parameters missing in: " + statement_text(sql));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int at = i < statement.places.size() ? statement.places[i] : 0;
    if (at == 0) return internal("storage.failed", fmt::format("${} not used in: {}", i + 1, statement_text(sql)));
    if (bind_one(statement.handle.get(), at, parameters[i]) != SQLITE_OK) return fail(sql);
  }
  return {};
}

Result<void> SqliteSession::query(std::string_view sql, const Values& parameters, const RowVisitor& visit) {
  TRY_ASSIGN(const auto statement, prepare(sql));
  TRY(bind(*statement, sql, parameters));
  const SqliteRow row(statement->handle.get());
  for (;;) {
    const int stepped = sqlite3_step(statement->handle.get());
    if (stepped == SQLITE_DONE) return {};
    if (stepped != SQLITE_ROW) return fail(sql);
    visit(row);
  }
}

Result<std::int64_t> SqliteSession::step_to_end(sqlite3_stmt* statement, std::string_view sql) {
  const auto before = sqlite3_total_changes64(handle_.get());
  int stepped = SQLITE_ROW;
  while (stepped == SQLITE_ROW) stepped = sqlite3_step(statement);
  if (stepped != SQLITE_DONE) {
    auto failure = fail(sql);
    sqlite3_reset(statement);
    return failure;
  }
  // sqlite3_changes keeps the count of the last statement that could change anything: ask only when something did.
  const bool changed = sqlite3_total_changes64(handle_.get()) != before;
  return changed ? sqlite3_changes64(handle_.get()) : 0;
}

Result<std::int64_t> SqliteSession::execute(std::string_view sql, const Values& parameters) {
  TRY_ASSIGN(const auto statement, prepare(sql));
  TRY(bind(*statement, sql, parameters));
  return step_to_end(statement->handle.get(), sql);
}

Result<std::vector<std::int64_t>> SqliteSession::execute_many(std::string_view sql, const std::vector<Values>& sets) {
  std::vector<std::int64_t> changed;
  changed.reserve(sets.size());
  TRY_ASSIGN(const auto statement, prepare(sql));
  for (const auto& set : sets) {
    TRY(bind(*statement, sql, set));
    TRY_ASSIGN(const auto rows, step_to_end(statement->handle.get(), sql));
    changed.push_back(rows);
    sqlite3_reset(statement->handle.get());
  }
  return changed;
}

Result<void> SqliteSession::bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                        const std::vector<Values>& rows) {
  std::string names, marks;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names += (i ? "," : "") + columns[i];
    marks += fmt::format("{}${}", i ? "," : "", i + 1);
  }
  auto inserted = execute_many(fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, marks), rows);
  if (!inserted) return std::move(inserted).failure();
  return {};
}

Result<void> SqliteSession::run_script(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(handle_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return fail(sql);
  return {};
}

Result<void> SqliteSession::run_plain(std::string_view sql) {
  auto r = execute(sql, {});
  if (!r) return std::move(r).failure();
  return {};
}

/// One writer at a time is all that SQLite knows: every write is alone.
Result<void> SqliteSession::begin_write(bool) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(write_wait_ms_max);
  for (;;) {
    auto begun = run_script("BEGIN IMMEDIATE");
    const bool busy = !begun && begun.failure().code == "storage.busy";
    if (!busy || std::chrono::steady_clock::now() > give_up) return begun;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void SqliteSession::rollback() {
  if (in_transaction()) (void)run_script("ROLLBACK");
}

Result<void> SqliteSession::rollback_to_savepoint() {
  TRY(run_plain("ROLLBACK TO one"));
  return run_plain("RELEASE one");
}

}  // namespace motcua::storage
