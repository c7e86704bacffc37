#pragma once
// A PostgreSQL connection: statements prepared once, parameters in binary with their types, many rows by pipeline or COPY.
#include <libpq-fe.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/storage/session.hpp"

namespace motcua::storage {

struct PgClose {
  void operator()(PGconn* c) const { PQfinish(c); }
};
struct PgClear {
  void operator()(PGresult* r) const { PQclear(r); }
};
using PgConnection = std::unique_ptr<PGconn, PgClose>;
using PgResult = std::unique_ptr<PGresult, PgClear>;

/// Connects and sets what every session lives under (UTF-8, UTC, synchronous_commit, lock time-out).
Result<PgConnection> connect_postgres(const std::string& url, SessionUse use);

/// A SQLSTATE as a failure; nothing of the server's message is kept, for it may quote values.
Failure postgres_failure(const char* sqlstate, std::string_view sql);

class PostgresSession final : public Session {
 public:
  PostgresSession(PgConnection connection, std::string url) : connection_(std::move(connection)), url_(std::move(url)) {}

  Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) override;
  Result<std::int64_t> execute(std::string_view sql, const Values& parameters) override;
  Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<Values>& sets) override;
  Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                           const std::vector<Values>& rows) override;
  Result<void> run_script(std::string_view sql) override;
  Result<void> begin_read() override;
  Result<void> begin_write(bool alone) override;
  Result<void> commit() override;
  void rollback() override;
  Result<void> savepoint() override;
  Result<void> release() override;
  Result<void> rollback_to_savepoint() override;
  bool in_transaction() const override { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }
  Trouble trouble() const override { return trouble_; }
  void forget_statements() override;
  Result<void> lock_schema() override;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Prepared {
    std::string name;
    std::vector<Oid> types;  // 0: only NULL was seen so far
  };

  /// Rows on their way, one at a time, so that a large answer never lies in memory as a whole. Another statement on the same connection
  /// may come in between: then what is left is put aside first.
  class Stream;

  Result<const Prepared*> prepare(std::string_view sql, const std::vector<Oid>& types);
  void put_stream_aside();
  Result<PgResult> run(std::string_view sql, const Values& parameters);
  Result<void> send_chunk(const Prepared& prepared, std::string_view sql, std::span<const Values> sets,
                          std::vector<std::int64_t>& changed);
  Result<void> copy_rows(std::string_view sql, const std::vector<Values>& rows);
  Result<void> settle_commit();
  Failure fail(const PGresult* result, std::string_view sql);

  PgConnection connection_;
  std::string url_;
  std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> statements_;
  std::int64_t statement_count_ = 0;
  std::string transaction_id_;
  bool savepoint_open_ = false;
  Trouble trouble_ = Trouble::none;
  Stream* stream_ = nullptr;
};

}  // namespace motcua::storage
