// The database as the rest of the house sees it: one writer, a pool of readers, whatever lies below.
#include "platform/storage/group_writer.hpp"
#include "platform/storage/migrations.hpp"
#include "platform/storage/read_pool.hpp"

namespace motcua::storage {

namespace {

class EngineDatabase final : public Database {
 public:
  EngineDatabase(std::unique_ptr<Engine> engine, const DatabaseOptions& options)
      : engine_(std::move(engine)),
        readers_(*engine_, options.readers_max),
        writer_(*engine_, options.group_max, options.queue_max) {}

  Result<void> read(const ReadBody& body) override { return readers_.read(body); }
  Result<void> write(const Act& act, const WriteBody& body) override { return writer_.write(act, body); }
  void set_audit_sink(std::shared_ptr<AuditSink> sink) override { writer_.set_audit_sink(std::move(sink)); }

  Result<std::vector<std::string>> migrate(const std::vector<Migration>& migrations) override {
    std::vector<std::string> names;
    TRY(writer_.run_alone([&](Session& session) -> Result<void> {
      TRY_ASSIGN(names, run_migrations(session, migrations));
      return {};
    }));
    if (!names.empty()) readers_.forget();
    return names;
  }

  Result<void> backup_to(const std::string& file) override { return engine_->backup_to(file); }

  Result<std::vector<std::string>> check_integrity() override {
    TRY_ASSIGN(const auto session, engine_->open(SessionUse::read));
    return engine_->check_integrity(*session);
  }

  bool is_postgres() const override { return engine_->is_postgres(); }

 private:
  std::unique_ptr<Engine> engine_;
  ReadPool readers_;
  GroupWriter writer_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_database(const DatabaseOptions& options) {
  TRY_ASSIGN(auto engine, options.url.empty() ? make_sqlite_engine(options) : make_postgres_engine(options));
  // The first connection makes the file, or tells at once that the server cannot be reached.
  TRY_ASSIGN(const auto first, engine->open(SessionUse::write));
  return std::unique_ptr<Database>(std::make_unique<EngineDatabase>(std::move(engine), options));
}

Result<void> restore_database(const DatabaseOptions& options, const std::string& file) {
  TRY_ASSIGN(auto engine, options.url.empty() ? make_sqlite_engine(options) : make_postgres_engine(options));
  return engine->restore_from(file);
}

}  // namespace motcua::storage
