// A PostgreSQL server somebody else runs.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "platform/storage/postgres_session.hpp"

extern char** environ;

namespace motcua::storage {

namespace {

/// Beyond 64 sub-transactions the server keeps them on disk, and every snapshot pays for it.
constexpr int group_transactions_max = 60;

/// The environment of pg_dump: ours, with the connection's parts in it, so that no password stands in a command line.
std::vector<std::string> environment_for(PGconn* c) {
  std::vector<std::string> all;
  for (char** e = environ; *e != nullptr; ++e)
    if (std::strncmp(*e, "PG", 2) != 0) all.emplace_back(*e);
  const std::pair<const char*, const char*> parts[] = {
      {"PGHOST", PQhost(c)}, {"PGPORT", PQport(c)}, {"PGUSER", PQuser(c)}, {"PGDATABASE", PQdb(c)}, {"PGPASSWORD", PQpass(c)}};
  for (const auto& [name, value] : parts)
    if (value != nullptr && *value != '\0') all.push_back(fmt::format("{}={}", name, value));
  return all;
}

Result<void> run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  std::vector<char*> argv, envp;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  for (const auto& e : environment) envp.push_back(const_cast<char*>(e.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), envp.data()); error != 0)
    return unavailable("storage.backup_failed", fmt::format("{} cannot be started: errno {}", arguments[0], error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return unavailable("storage.backup_failed", fmt::format("{} ended with status {}", arguments[0], status));
  return {};
}

class PostgresEngine final : public Engine {
 public:
  explicit PostgresEngine(std::string url) : url_(std::move(url)) {}

  Result<std::unique_ptr<Session>> open(SessionUse use) override {
    TRY_ASSIGN(auto connection, connect_postgres(url_, use));
    return std::unique_ptr<Session>(std::make_unique<PostgresSession>(std::move(connection), url_));
  }

  Result<void> backup_to(const std::string& file) override {
    TRY_ASSIGN(const auto connection, connect_postgres(url_, SessionUse::read));
    const auto part = file + ".part";
    TRY(run_program({"pg_dump", "--format=custom", "--no-password", "--file=" + part}, environment_for(connection.get())));
    if (std::rename(part.c_str(), file.c_str()) != 0)
      return unavailable("storage.backup_failed", fmt::format("rename: errno {}", errno));
    return {};
  }

  Result<void> restore_from(const std::string& file) override {
    TRY_ASSIGN(auto session, open(SessionUse::read));
    bool filled = false;
    TRY(session->query("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                       "WHERE c.relkind = 'r' AND n.nspname = current_schema() LIMIT 1",
                       {}, [&](const Row&) { filled = true; }));
    if (filled) return conflict("storage.database_there");
    TRY_ASSIGN(const auto connection, connect_postgres(url_, SessionUse::read));
    return run_program({"pg_restore", "--single-transaction", "--no-owner", "--no-password",
                        fmt::format("--dbname={}", PQdb(connection.get())), file},
                       environment_for(connection.get()));
  }

  /// Reads every row of every table and asks the catalogue for broken indexes and unproven constraints; with the extension amcheck
  /// installed, it walks the indexes too.
  Result<std::vector<std::string>> check_integrity(Session& session) override {
    std::vector<std::string> findings, tables;
    TRY(session.query("SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                      "WHERE c.relkind = 'r' AND n.nspname = current_schema() ORDER BY c.relname",
                      {}, [&](const Row& row) { tables.push_back(row.string(1)); }));
    for (const auto& table : tables) {
      const auto read = session.query(fmt::format("SELECT count(t.*) FROM \"{}\" t", table), {}, [](const Row&) {});
      if (!read) findings.push_back(fmt::format("{}: {}", table, read.failure().detail));
    }
    TRY(session.query("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid", {},
                      [&](const Row& row) { findings.push_back("broken index " + row.string(0)); }));
    TRY(session.query("SELECT conname FROM pg_constraint WHERE NOT convalidated", {},
                      [&](const Row& row) { findings.push_back("constraint never proven: " + row.string(0)); }));
    TRY(walk_indexes(session, findings));
    return findings;
  }

  bool is_postgres() const override { return true; }
  int group_limit(int asked) const override { return std::min(asked, group_transactions_max); }

 private:
  static Result<void> walk_indexes(Session& session, std::vector<std::string>& findings) {
    bool installed = false;
    TRY(session.query("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'", {}, [&](const Row&) { installed = true; }));
    if (!installed) return {};
    std::vector<std::string> indexes;
    TRY(session.query("SELECT c.oid::regclass::text FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
                      "JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace "
                      "WHERE a.amname = 'btree' AND i.indisvalid AND n.nspname = current_schema()",
                      {}, [&](const Row& row) { indexes.push_back(row.string(0)); }));
    for (const auto& index : indexes) {
      const auto walked = session.query("SELECT bt_index_check($1::regclass)", {index}, [](const Row&) {});
      if (!walked) findings.push_back(fmt::format("index {}: {}", index, walked.failure().detail));
    }
    return {};
  }

  std::string url_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_postgres_engine(const DatabaseOptions& options) {
  return std::unique_ptr<Engine>(std::make_unique<PostgresEngine>(options.url));
}

}  // namespace motcua::storage
