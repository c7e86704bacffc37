#include "platform/storage/schema_rules.hpp"

#include <gtest/gtest.h>

namespace motcua::storage {
namespace {

/// A made-up schema that breaks no rule; each case adds one that does.
const char* const sound = R"(
-- distribute: person
CREATE TABLE x_person (
  person TEXT NOT NULL,  -- whose, and of what
  n BIGINT,
  UNIQUE (person, n),
  PRIMARY KEY (person)
);
-- distribute: person
CREATE TABLE x_visit (
  person TEXT NOT NULL,
  at BIGINT NOT NULL,
  place TEXT REFERENCES x_place (id),
  PRIMARY KEY (person, at),
  FOREIGN KEY (person) REFERENCES x_person (person)
);
CREATE UNIQUE INDEX x_visit_place ON x_visit (person, place);
CREATE INDEX x_visit_at ON x_visit (at);
-- local
CREATE TABLE x_setting (name TEXT NOT NULL PRIMARY KEY, value BYTEA, share DOUBLE PRECISION, on_off SMALLINT);
)";

std::vector<std::string> findings_of(const std::string& more) {
  const std::string place = "-- reference\nCREATE TABLE x_place (id TEXT NOT NULL, PRIMARY KEY (id));\n";
  return check_schema({{"0001_x", place + sound}, {"0002_x_more", more}});
}

TEST(SchemaRules, ASoundSchemaHasNoFindings) { EXPECT_EQ(findings_of(""), std::vector<std::string>{}); }

TEST(SchemaRules, EachRuleIsHeld) {
  const struct { const char* sql; const char* finding; } cases[] = {
      {"CREATE TABLE x_t (id TEXT NOT NULL, PRIMARY KEY (id));", "no line"},
      {"-- local\n\nCREATE TABLE x_t (id TEXT NOT NULL, PRIMARY KEY (id));", "no line"},
      {"\n-- local\nCREATE TABLE x_t (id TEXT NOT NULL);", "no primary key"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (id));", "the primary key does not hold"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY);", "the primary key does not hold"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT NOT NULL, n BIGINT UNIQUE, PRIMARY KEY (p));", "a UNIQUE constraint does not hold"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT, PRIMARY KEY (p));", "not NOT NULL"},
      {"\n-- distribute: p\nCREATE TABLE x_t (id TEXT NOT NULL, PRIMARY KEY (id, p));", "not among its columns"},
      {"CREATE UNIQUE INDEX x_i ON x_visit (place);", "the unique index x_i does not hold"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT NOT NULL, o TEXT NOT NULL REFERENCES x_person (person), PRIMARY KEY (p));",
       "does not pair the distribution columns"},
      {"\n-- distribute: p\nCREATE TABLE x_t (p TEXT NOT NULL, s TEXT REFERENCES x_setting (name), PRIMARY KEY (p));", "the local table"},
      {"\n-- reference\nCREATE TABLE x_t (p TEXT NOT NULL REFERENCES x_person (person), PRIMARY KEY (p));", "reference table and refers"},
      {"\n-- local\nCREATE TABLE x_t (p TEXT NOT NULL REFERENCES nowhere (p), PRIMARY KEY (p));", "unknown before it"},
      {"\n-- local\nCREATE TABLE other_t (p TEXT NOT NULL, PRIMARY KEY (p));", "does not begin with x_"},
      {"\n-- local\nCREATE TABLE x_person (p TEXT NOT NULL, PRIMARY KEY (p));", "made twice"},
      {"\n-- local\nCREATE TABLE x_t (p BOOLEAN NOT NULL, PRIMARY KEY (p));", "a type other than"},
      {"\n-- local\nCREATE TABLE x_t (p TEXT NOT NULL, at TIMESTAMPTZ, PRIMARY KEY (p));", "a type other than"},
      {"UPDATE x_person SET n = '1'::bigint;", "cast"},
      {"-- clustered\n-- a remark\nINSERT INTO x_person VALUES ('a', 1);", "without the line of a table's spread"},
      {"INSERT OR IGNORE INTO x_person VALUES (1);", "INSERT OR"},
  };
  for (const auto& c : cases) {
    const auto found = findings_of(c.sql);
    ASSERT_EQ(found.size(), 1U) << c.sql << (found.empty() ? "" : "\n" + found[0] + "\n" + found.back());
    EXPECT_NE(found[0].find(c.finding), std::string::npos) << c.sql << "\n" << found[0];
  }
}

TEST(SchemaRules, ClusteredTablesAreTablesWithoutRowidOnSqliteAlone) {
  const std::string text = "-- local\nCREATE TABLE x_a (p TEXT NOT NULL, PRIMARY KEY (p));\n"
                           "-- clustered\n-- distribute: p\nCREATE TABLE x_b (\n  p TEXT NOT NULL,  -- (told)\n  PRIMARY KEY (p)\n);\n"
                           "CREATE INDEX x_b_p ON x_b (p);\n";
  EXPECT_EQ(check_schema({{"0001_x", text}}), std::vector<std::string>{});
  auto expected = text;
  expected.insert(expected.find(";\nCREATE INDEX"), " WITHOUT ROWID");
  EXPECT_EQ(with_clustered_tables(text), expected);
}

TEST(SchemaRules, TablesAreFoundWithTheirSpread) {
  const auto tables = tables_of({{"0001_x", sound}});
  ASSERT_EQ(tables.size(), 3U);
  EXPECT_EQ(tables.at("x_visit").column, "person");
  EXPECT_EQ(tables.at("x_setting").kind, Spread::Kind::local);
}

}  // namespace
}  // namespace motcua::storage
