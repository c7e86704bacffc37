#pragma once
// One connection to one database, as the rest of this folder sees it: statements, transactions, savepoints.
// SQLite and PostgreSQL each implement it; the group writer, the read pool and the migrations know only this.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::storage {

/// What a failed call means for the work around it.
enum class Trouble {
  none,    // the statement alone failed
  replay,  // the transaction lost a race (deadlock, serialisation): run it again
  broken,  // the connection is gone: open another, run it again
  lost,    // the connection is gone, and whether the commit happened cannot be known: open another, do not run it again
};

class Session {
 public:
  virtual ~Session() = default;

  virtual Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) = 0;
  virtual Result<std::int64_t> execute(std::string_view sql, const Values& parameters) = 0;
  virtual Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<Values>& sets) = 0;
  virtual Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                   const std::vector<Values>& rows) = 0;
  /// Several statements without parameters, separated by semicolons.
  virtual Result<void> run_script(std::string_view sql) = 0;

  /// The text of a migration, with what only this database has a word for.
  virtual Result<void> run_migration(std::string_view sql) { return run_script(sql); }

  virtual Result<void> begin_read() = 0;
  /// `alone`: waits until no other writer's transaction is open and keeps later ones out, so that nothing can be lost to a race again.
  virtual Result<void> begin_write(bool alone = false) = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;
  virtual Result<void> savepoint() = 0;
  virtual Result<void> release() = 0;
  virtual Result<void> rollback_to_savepoint() = 0;
  /// A transaction is open (SQLite closes one by itself when the disk is full).
  virtual bool in_transaction() const = 0;
  /// What the last failure of this session means.
  virtual Trouble trouble() const = 0;
  /// Drops prepared statements: after the schema changed.
  virtual void forget_statements() = 0;
  /// Keeps other processes from migrating at the same time until the transaction ends.
  virtual Result<void> lock_schema() = 0;
};

enum class SessionUse { read, write };

/// Opens sessions of one database, and does what has no common form.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<std::unique_ptr<Session>> open(SessionUse use) = 0;
  virtual Result<void> backup_to(const std::string& file) = 0;
  /// Into an empty database only: storage.database_there (conflict) otherwise.
  virtual Result<void> restore_from(const std::string& file) = 0;
  virtual Result<std::vector<std::string>> check_integrity(Session& session) = 0;
  virtual bool is_postgres() const = 0;
  /// Transactions a commit at most, given the setting.
  virtual int group_limit(int asked) const = 0;
};

Result<std::unique_ptr<Engine>> make_sqlite_engine(const DatabaseOptions& options);
Result<std::unique_ptr<Engine>> make_postgres_engine(const DatabaseOptions& options);

/// Text that PostgreSQL cannot hold (a NUL byte, not UTF-8) is refused on both: `storage.bad_text`.
Result<void> check_text(const Values& parameters);

/// The statement as it may stand in a detail: its text without values, shortened.
/// Counts one statement that somebody asked (motcua_storage_statements_total); those of the engine itself are not counted.
void count_statement();
std::string statement_text(std::string_view sql);

/// Tried so often when a group has to be run again.
inline constexpr int replays_max = 5;
/// How long a write waits for another process's write.
inline constexpr int write_wait_ms_max = 30'000;

}  // namespace motcua::storage
