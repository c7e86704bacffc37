#pragma once
// A SQLite connection: prepared statements kept by their text, each with the place of its $1, $2 ...
#include <sqlite3.h>

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/storage/schema_rules.hpp"
#include "platform/storage/session.hpp"

namespace motcua::storage {

struct SqliteClose {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using SqliteHandle = std::unique_ptr<sqlite3, SqliteClose>;

/// Opens the file with the settings of its use; makes it when `use` is write.
Result<SqliteHandle> open_sqlite(const std::string& file, SessionUse use, std::int64_t cache_bytes = DatabaseOptions{}.cache_bytes);

/// A SQLite result code as a failure: constraint, unavailable (disk, I/O), busy, corrupt, failed.
Failure sqlite_failure(int extended_code, std::string_view sql);

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(SqliteHandle handle) : handle_(std::move(handle)) {}

  Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) override;
  Result<std::int64_t> execute(std::string_view sql, const Values& parameters) override;
  Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<Values>& sets) override;
  Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                           const std::vector<Values>& rows) override;
  Result<void> run_script(std::string_view sql) override;
  Result<void> run_migration(std::string_view sql) override { return run_script(with_clustered_tables(sql)); }
  Result<void> begin_read() override { return run_script("BEGIN"); }
  Result<void> begin_write(bool alone) override;
  Result<void> commit() override { return run_script("COMMIT"); }
  void rollback() override;
  Result<void> savepoint() override { return run_plain("SAVEPOINT one"); }
  Result<void> release() override { return run_plain("RELEASE one"); }
  Result<void> rollback_to_savepoint() override;
  bool in_transaction() const override { return sqlite3_get_autocommit(handle_.get()) == 0; }
  Trouble trouble() const override { return Trouble::none; }
  void forget_statements() override { statements_.clear(); }
  Result<void> lock_schema() override { return {}; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finalize> handle;
    std::vector<int> places;  // of $1, $2 ...: SQLite numbers them as they appear; 0: not in the text
  };
  struct Done {  // resets a kept statement; one that was made because the kept one is being read just now goes away
    bool kept = true;
    void operator()(Prepared* prepared) const;
  };
  using Statement = std::unique_ptr<Prepared, Done>;

  Result<Statement> prepare(std::string_view sql);
  Result<void> bind(const Prepared& statement, std::string_view sql, const Values& parameters);
  Result<std::int64_t> step_to_end(sqlite3_stmt* statement, std::string_view sql);
  Result<void> run_plain(std::string_view sql);
  Failure fail(std::string_view sql) const;

  SqliteHandle handle_;
  std::unordered_map<std::string, std::unique_ptr<Prepared>, Hash, std::equal_to<>> statements_;
};

}  // namespace motcua::storage
