#pragma once
// One database, two kinds: an embedded SQLite file (WAL, synchronous=FULL, one writer with group commit, many readers) and
// PostgreSQL 15. One SQL text for both, parameters $1, $2 ...; what differs is hidden here.
//
// SQL that is not portable and so not used: `::type` casts, FOR UPDATE SKIP LOCKED, jsonb operators, SQLite's rowid.
// Times are BIGINT milliseconds, ids TEXT, booleans SMALLINT 0/1, bytes BYTEA.
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/storage/act.hpp"

namespace motcua::storage {

using Bytes = std::vector<std::uint8_t>;

/// A bound parameter. Converting constructors exist for the types the rooms use; std::nullopt binds NULL. An empty std::optional<T>
/// binds a NULL that PostgreSQL knows the type of, which `$1 IS NULL OR $1 = x` needs.
class Value {
 public:
  Value() = default;
  Value(std::nullopt_t) {}
  Value(std::int64_t v) : v_(v) {}
  Value(int v) : v_(static_cast<std::int64_t>(v)) {}
  Value(std::size_t v) : v_(static_cast<std::int64_t>(v)) {}
  Value(bool v) : v_(static_cast<std::int64_t>(v ? 1 : 0)) {}
  Value(double v) : v_(v) {}
  Value(std::string v) : v_(std::move(v)) {}
  Value(std::string_view v) : v_(std::string(v)) {}
  Value(const char* v) : v_(std::string(v)) {}
  Value(Bytes v) : v_(std::move(v)) {}
  Value(Instant t) : v_(to_millis(t)) {}
  template <class T>
  Value(const std::optional<T>& v) {
    if (v)
      *this = Value(*v);
    else
      null_type_ = Value(T{}).type();
  }
  /// Index of the type in get()'s variant; for NULL the type it stands for, 0 when that is unknown.
  std::size_t type() const { return v_.index() != 0 ? v_.index() : null_type_; }
  const std::variant<std::monostate, std::int64_t, double, std::string, Bytes>& get() const { return v_; }

 private:
  std::variant<std::monostate, std::int64_t, double, std::string, Bytes> v_;
  std::size_t null_type_ = 0;
};

/// The row under the cursor; views are valid until the callback returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;  // 0 when NULL
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // empty when NULL
  virtual Bytes bytes(int column) const = 0;
  Instant instant(int column) const { return from_millis(integer(column)); }
  std::optional<Instant> optional_instant(int c) const { return is_null(c) ? std::nullopt : std::optional(instant(c)); }
  std::optional<std::int64_t> optional_integer(int c) const { return is_null(c) ? std::nullopt : std::optional(integer(c)); }
  std::string string(int column) const { return std::string(text(column)); }
};

using RowVisitor = std::function<void(const Row&)>;
using Values = std::vector<Value>;

/// What a statement can be run on. A read snapshot or a transaction. Statements are prepared once per connection and kept.
/// Failures: storage.constraint (conflict), storage.unavailable (disk full, connection lost), storage.failed (internal);
/// details never hold bound values.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) = 0;

  /// At most one row, mapped; nothing when there is none.
  template <class F>
  auto find(std::string_view sql, const Values& parameters, F&& map)
      -> Result<std::optional<decltype(map(std::declval<const Row&>()))>> {
    std::optional<decltype(map(std::declval<const Row&>()))> found;
    if (auto r = query(sql, parameters, [&](const Row& row) { if (!found) found = map(row); }); !r)
      return std::move(r).failure();
    return found;
  }
  /// All rows, mapped.
  template <class F>
  auto list(std::string_view sql, const Values& parameters, F&& map)
      -> Result<std::vector<decltype(map(std::declval<const Row&>()))>> {
    std::vector<decltype(map(std::declval<const Row&>()))> rows;
    if (auto r = query(sql, parameters, [&](const Row& row) { rows.push_back(map(row)); }); !r)
      return std::move(r).failure();
    return rows;
  }
};

/// The first statement that fails fails the transaction for good, on both engines: what may collide says ON CONFLICT.
class Transaction : public Reader {
 public:
  /// Rows changed.
  virtual Result<std::int64_t> execute(std::string_view sql, const Values& parameters) = 0;
  /// The same statement for many parameter sets; pipelined on PostgreSQL. Result: rows changed, one number per set.
  virtual Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<Values>& sets) = 0;
  /// Plain insert of many rows into a table (COPY on PostgreSQL); a duplicate key fails the whole transaction.
  virtual Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                   const std::vector<Values>& rows) = 0;
  /// On record with this transaction, or not at all. A transaction that notes nothing is on record with its act alone.
  virtual void note(AuditNote note) = 0;
  virtual const Act& act() const = 0;
};

/// Writes the audit notes of a group of transactions inside their common commit. `platform/audit` is one.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  struct Entry {
    const Act* act;
    const AuditNote* note;
  };
  virtual Result<void> append(Transaction& transaction, std::span<const Entry> entries) = 0;
};

/// A migration: its text runs once, in order of name, in a transaction. Rooms own theirs (src/rooms/*/migrations/*.sql).
/// Every CREATE TABLE is preceded by one line saying how it spreads (a test reads it):
///   -- distribute: <column>     grows with people; the column is part of the primary key and of every unique index
///   -- reference                small, copied to every node
///   -- local                    the installation's own (accounts, settings, the audit head)
/// A line `-- clustered` above that one: SQLite keeps the rows in the order of the primary key instead of beside an index of it. For narrow
/// rows (under 200 bytes) with few or no other indexes, whose keys come in no order. PostgreSQL knows nothing of the kind.
struct Migration {
  std::string name;  // "0010_identity_record"
  std::string sql;
};

struct DatabaseOptions {
  std::string data_dir = "./data";       // the SQLite file is data_dir/motcua.sqlite
  std::string url = {};                  // postgresql://... instead
  int readers_max = 8;                   // read connections
  int group_max = 512;                   // transactions a commit
  std::size_t queue_max = 65536;         // waiting writes; more are refused with storage.busy (unavailable)
  std::int64_t cache_bytes = 256 * 1024 * 1024;  // of pages the writer of SQLite keeps in memory
};

class Database {
 public:
  virtual ~Database() = default;

  using ReadBody = std::function<Result<void>(Reader&)>;
  using WriteBody = std::function<Result<void>(Transaction&)>;

  /// Runs `body` on one consistent snapshot. Many at once, up to readers_max; a read inside a
  /// read has a snapshot of its own.
  virtual Result<void> read(const ReadBody& body) = 0;

  /// Runs `body` in a transaction of its own and returns when it is durable (or failed: then nothing of it happened).
  /// Transactions that arrive together share one commit. `body` may run twice if the group must be replayed: it must only touch
  /// its own variables by assignment. Not re-entrant: never call write() inside a body.
  virtual Result<void> write(const Act& act, const WriteBody& body) = 0;

  virtual void set_audit_sink(std::shared_ptr<AuditSink> sink) = 0;
  /// Runs the migrations not yet run; their names.
  virtual Result<std::vector<std::string>> migrate(const std::vector<Migration>& migrations) = 0;
  /// Copies the database, consistent, while it is in use (SQLite: backup API; PostgreSQL: pg_dump custom format).
  virtual Result<void> backup_to(const std::string& file) = 0;
  virtual Result<std::vector<std::string>> check_integrity() = 0;  // findings; empty: sound
  virtual bool is_postgres() const = 0;

  /// Like read(), for bodies that return a value.
  template <class F>
  auto read_value(F&& body) -> decltype(body(std::declval<Reader&>())) {
    std::optional<decltype(body(std::declval<Reader&>()))> out;
    auto r = read([&](Reader& reader) -> Result<void> {
      out.emplace(body(reader));
      if (!*out) return out->failure();
      return {};
    });
    if (!r) return std::move(r).failure();
    return std::move(*out);
  }
  template <class F>
  auto write_value(const Act& act, F&& body) -> decltype(body(std::declval<Transaction&>())) {
    std::optional<decltype(body(std::declval<Transaction&>()))> out;
    auto r = write(act, [&](Transaction& tx) -> Result<void> {
      out.emplace(body(tx));
      if (!*out) return out->failure();
      return {};
    });
    if (!r) return std::move(r).failure();
    return std::move(*out);
  }
};

/// Opens (and makes) the database. SQLite: WAL, synchronous=FULL, foreign keys on, busy time-out.
Result<std::unique_ptr<Database>> open_database(const DatabaseOptions& options);

/// A copy made by Database::backup_to into a place that holds no database yet: storage.database_there (conflict) otherwise.
Result<void> restore_database(const DatabaseOptions& options, const std::string& file);

}  // namespace motcua::storage
