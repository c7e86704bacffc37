#include "tests/support/database.hpp"

#include <stdexcept>

#include "platform/storage/migrations.hpp"
#include "tests/support/postgres.hpp"

namespace motcua::tests {

namespace {
std::unique_ptr<storage::Database> open_or_throw(const storage::DatabaseOptions& options) {
  auto opened = storage::open_database(options);
  if (!opened) throw std::runtime_error("database: " + opened.failure().code + " " + opened.failure().detail);
  return std::move(opened).value();
}
}  // namespace

std::unique_ptr<TestDatabase> make_test_database(EngineKind kind, const std::vector<std::string>& migrations) {
  auto made = std::make_unique<TestDatabase>();
  made->options.data_dir = made->dir.file("data");
  if (kind == EngineKind::postgres) made->options.url = fresh_postgres_database();
  made->database = open_or_throw(made->options);
  std::vector<storage::Migration> all;
  for (const auto& prefix : migrations)
    for (auto& migration : storage::migrations_from(prefix)) all.push_back(std::move(migration));
  if (const auto ran = made->database->migrate(all); !ran)
    throw std::runtime_error("migrate: " + ran.failure().code + " " + ran.failure().detail);
  return made;
}

void DatabaseTest::reopen() {
  made_->database.reset();
  made_->database = open_or_throw(made_->options);
}

}  // namespace motcua::tests
