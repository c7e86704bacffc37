#pragma once
// A migrated database on either engine, for tests that must hold on both:
//
//   class StoreTest : public tests::DatabaseTest {};
//   INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, tests::both_engines(), tests::engine_name);
//   TEST_P(StoreTest, ...) { ... database() ... }
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"
#include "tests/support/temp_dir.hpp"

namespace motcua::tests {

enum class EngineKind { sqlite, postgres };

inline auto both_engines() { return testing::Values(EngineKind::sqlite, EngineKind::postgres); }
inline std::string engine_name(const testing::TestParamInfo<EngineKind>& info) {
  return info.param == EngineKind::sqlite ? "sqlite" : "postgres";
}

/// An act for writes of tests.
inline Act test_act(std::string action = "test.write") { return {"job:test", "system", "test", std::move(action), "req-test"}; }

/// A fresh, migrated database outside a fixture, as well.
struct TestDatabase {
  TempDir dir;
  storage::DatabaseOptions options;
  std::unique_ptr<storage::Database> database;
};
/// `migrations`: prefixes of embedded assets to run ("" is every slice linked). Throws when it cannot be made.
std::unique_ptr<TestDatabase> make_test_database(EngineKind kind, const std::vector<std::string>& migrations = {""});

class DatabaseTest : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { made_ = make_test_database(GetParam(), migrations()); }

  /// Which embedded migrations run before each test; all of them unless a fixture says otherwise.
  virtual std::vector<std::string> migrations() const { return {""}; }

  storage::Database& database() { return *made_->database; }
  const storage::DatabaseOptions& options() const { return made_->options; }
  const TempDir& dir() const { return made_->dir; }
  /// Closes and opens the same database: what survives a restart.
  void reopen();

  std::unique_ptr<TestDatabase> made_;
};

}  // namespace motcua::tests
