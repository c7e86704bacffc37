// The migrations of all slices: they keep the rules of schema_rules.hpp and run on both engines.
#include <gtest/gtest.h>

#include "platform/storage/migrations.hpp"
#include "platform/storage/schema_rules.hpp"
#include "tests/support/database.hpp"

namespace motcua {
namespace {

TEST(Schema, AllMigrationsKeepTheRules) {
  const auto migrations = storage::migrations_from("");
  ASSERT_FALSE(migrations.empty());
  for (const auto& finding : storage::check_schema(migrations)) ADD_FAILURE() << finding;
}

TEST(Schema, NumbersOfMigrationsAreFourDigits) {
  for (const auto& migration : storage::migrations_from(""))
    EXPECT_EQ(migration.name.find_first_not_of("0123456789"), 4U) << migration.name;
}

class SchemaTest : public tests::DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Engines, SchemaTest, tests::both_engines(), tests::engine_name);

TEST_P(SchemaTest, EveryTableIsThereAndEmptyOrReference) {
  const auto tables = storage::tables_of(storage::migrations_from(""));
  ASSERT_FALSE(tables.empty());
  for (const auto& [table, spread] : tables) {
    const auto rows = database().read_value([&](storage::Reader& r) {
      return r.find("SELECT count(*) FROM " + table, {}, [](const storage::Row& row) { return row.integer(0); });
    });
    ASSERT_TRUE(rows) << table << ": " << rows.failure().detail;
    if (spread.kind == storage::Spread::Kind::distributed) {
      EXPECT_EQ(**rows, 0) << table;
    }
  }
}

}  // namespace
}  // namespace motcua
