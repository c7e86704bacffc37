// The embedded database: one file in the data directory.
#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "platform/storage/sqlite_session.hpp"

namespace motcua::storage {

namespace {

namespace fs = std::filesystem;
constexpr int findings_max = 100;

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(std::string file, std::int64_t cache_bytes) : file_(std::move(file)), cache_bytes_(cache_bytes) {}

  Result<std::unique_ptr<Session>> open(SessionUse use) override {
    TRY_ASSIGN(auto handle, open_sqlite(file_, use, cache_bytes_));
    return std::unique_ptr<Session>(std::make_unique<SqliteSession>(std::move(handle)));
  }

  /// All pages in one step: a read snapshot of the log, so writers go on meanwhile. The copy gets its name when it is whole.
  Result<void> backup_to(const std::string& file) override {
    TRY_ASSIGN(auto source, open_sqlite(file_, SessionUse::read));
    const auto part = file + ".part";
    std::error_code ignored;
    fs::remove(part, ignored);
    TRY(copy_whole(source.get(), part));
    std::error_code renamed;
    fs::rename(part, file, renamed);
    if (renamed) return unavailable("storage.backup_failed", "rename: " + renamed.message());
    return {};
  }

  Result<void> restore_from(const std::string& file) override {
    if (fs::exists(file_)) return conflict("storage.database_there");
    TRY_ASSIGN(auto source, open_sqlite(file, SessionUse::read));
    const auto part = file_ + ".part";
    std::error_code ignored;
    fs::remove(part, ignored);
    TRY(copy_whole(source.get(), part));
    std::error_code renamed;
    fs::rename(part, file_, renamed);
    if (renamed) return unavailable("storage.backup_failed", "rename: " + renamed.message());
    return {};
  }

  Result<std::vector<std::string>> check_integrity(Session& session) override {
    std::vector<std::string> findings;
    TRY(session.query(fmt::format("PRAGMA integrity_check({})", findings_max), {}, [&](const Row& row) {
      if (row.text(0) != "ok") findings.push_back(row.string(0));
    }));
    TRY(session.query("SELECT \"table\", \"parent\", count(*) FROM pragma_foreign_key_check GROUP BY 1, 2", {}, [&](const Row& row) {
      findings.push_back(fmt::format("{}: {} rows without their {}", row.text(0), row.integer(2), row.text(1)));
    }));
    return findings;
  }

  bool is_postgres() const override { return false; }
  int group_limit(int asked) const override { return asked; }

 private:
  static Result<void> copy_whole(sqlite3* source, const std::string& to) {
    sqlite3* raw = nullptr;
    const int opened =
        sqlite3_open_v2(to.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, nullptr);
    const SqliteHandle target(raw);
    if (opened != SQLITE_OK) return sqlite_failure(opened, "open backup");
    sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source, "main");
    if (backup == nullptr) return sqlite_failure(sqlite3_extended_errcode(target.get()), "backup");
    const int stepped = sqlite3_backup_step(backup, -1);
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE) return sqlite_failure(stepped, "backup");
    if (finished != SQLITE_OK) return sqlite_failure(finished, "backup");
    return {};
  }

  std::string file_;
  std::int64_t cache_bytes_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_sqlite_engine(const DatabaseOptions& options) {
  std::error_code made;
  const bool fresh = fs::create_directories(options.data_dir, made);
  if (fresh) fs::permissions(options.data_dir, fs::perms::owner_all, made);  // people's data: nobody else's business
  if (made) return unavailable("storage.cannot_open", "data directory: " + made.message());
  auto engine = std::make_unique<SqliteEngine>((fs::path(options.data_dir) / "motcua.sqlite").string(), options.cache_bytes);
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace motcua::storage
