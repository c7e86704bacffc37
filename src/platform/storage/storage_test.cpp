// What storage.hpp promises, on both engines.
#include "platform/storage/storage.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "tests/support/database.hpp"

namespace motcua::storage {
namespace {

using tests::test_act;

const Migration first{"0001_first", R"(
-- local
CREATE TABLE thing (
  id TEXT NOT NULL, n BIGINT, x DOUBLE PRECISION, b BYTEA, flag SMALLINT,
  PRIMARY KEY (id));
-- local
CREATE TABLE part (id TEXT NOT NULL, thing_id TEXT NOT NULL REFERENCES thing (id), PRIMARY KEY (id));
)"};

class StorageTest : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override { return {}; }
  void SetUp() override {
    DatabaseTest::SetUp();
    ASSERT_TRUE(database().migrate({first}));
  }
  Result<void> insert(const std::string& id, std::int64_t n = 1) {
    return database().write(test_act(), [&](Transaction& tx) -> Result<void> {
      TRY(tx.execute("INSERT INTO thing (id, n) VALUES ($1, $2)", {id, n}));
      return {};
    });
  }
  std::int64_t count(const std::string& where = "1 = 1") {
    return *database().read_value([&](Reader& r) -> Result<std::int64_t> {
      TRY_ASSIGN(auto n, r.find("SELECT count(*) FROM thing WHERE " + where, {}, [](const Row& row) { return row.integer(0); }));
      return *n;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StorageTest, tests::both_engines(), tests::engine_name);

TEST_P(StorageTest, KeepsEveryKindOfValue) {
  const Bytes bytes{0, 1, 2, 255, '\\', '\n'};
  const std::string odd = "tab\t newline\n back\\slash 'quote' Nguyễn \\N";
  ASSERT_TRUE(database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    const auto sql = "INSERT INTO thing (id, n, x, b, flag) VALUES ($1, $2, $3, $4, $5)";
    TRY(tx.execute(sql, {odd, std::int64_t{-9'000'000'000'000}, 0.1, bytes, true}));
    TRY(tx.execute(sql, {"nothing", std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
    TRY(tx.execute(sql, {"empty", 0, 0.0, Bytes{}, false}));
    return {};
  }));
  std::vector<std::string> seen;
  ASSERT_TRUE(database().read([&](Reader& r) {
    return r.query("SELECT id, n, x, b, flag FROM thing ORDER BY id", {}, [&](const Row& row) {
      seen.push_back(row.string(0));
      if (row.text(0) == odd) {
        EXPECT_EQ(row.integer(1), -9'000'000'000'000);
        EXPECT_EQ(row.real(2), 0.1);
        EXPECT_EQ(row.bytes(3), bytes);
        EXPECT_EQ(row.integer(4), 1);
      } else if (row.text(0) == "nothing") {
        for (int c = 1; c < 5; ++c) EXPECT_TRUE(row.is_null(c)) << c;
        EXPECT_EQ(row.optional_integer(1), std::nullopt);
        EXPECT_EQ(row.text(3), "");
      } else {
        EXPECT_FALSE(row.is_null(3));
        EXPECT_TRUE(row.bytes(3).empty());
      }
    });
  }));
  EXPECT_EQ(seen, (std::vector<std::string>{"empty", "nothing", odd}));
}

TEST_P(StorageTest, ParametersInAnyOrderTwiceAndNullBeforeTyped) {
  const std::optional<std::int64_t> none;
  for (const Value& n : {Value(none), Value(7), Value(none), Value(std::nullopt), Value(7)}) {
    const auto found = database().read_value([&](Reader& r) {
      return r.list("SELECT $2, $1, $2 WHERE $3 IS NULL OR $3 = 7", {"a", "b", n},
                    [](const Row& row) { return row.string(0) + row.string(1) + row.string(2); });
    });
    ASSERT_TRUE(found) << found.failure().detail;
    EXPECT_EQ(*found, std::vector<std::string>{"bab"});
  }
}

TEST_P(StorageTest, BulkInsertAndExecuteMany) {
  std::vector<Values> rows;
  for (int i = 0; i < 3000; ++i)
    rows.push_back({"r" + std::to_string(i) + "\t\n\\", i % 7 ? Value(i) : Value(std::nullopt), Bytes{1, 2}});
  ASSERT_TRUE(database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    TRY(tx.bulk_insert("thing", {"id", "n", "b"}, rows));
    std::vector<Values> sets;
    for (int i = 0; i < 1000; ++i) sets.push_back({i, i % 2 ? Value(std::nullopt) : Value(1.5)});
    TRY_ASSIGN(const auto changed, tx.execute_many("UPDATE thing SET x = $2, flag = 1 WHERE n = $1", sets));
    EXPECT_EQ(changed.size(), 1000U);
    EXPECT_EQ(changed[0], 0);  // n is NULL there
    EXPECT_EQ(changed[1], 1);
    return {};
  }));
  EXPECT_EQ(count(), 3000);
  EXPECT_EQ(count("n IS NULL"), 429);
  EXPECT_EQ(count("x IS NOT NULL AND flag = 1"), 428);
  EXPECT_EQ(count("id = 'r5\t\n\\'"), 1);
}

TEST_P(StorageTest, AFailedBodyLeavesNothing) {
  const auto failed = database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO thing (id) VALUES ('a')", {}));
    return conflict("test.no");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure().code, "test.no");
  EXPECT_EQ(count(), 0);
  EXPECT_THROW((void)database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO thing (id) VALUES ('a')", {}));
    throw std::logic_error("defect");
  }), std::logic_error);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert("a"));
}

TEST_P(StorageTest, AFailedStatementFailsTheTransactionEvenWhenIgnored) {
  ASSERT_TRUE(insert("a"));
  const auto r = database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO thing (id) VALUES ('b')", {}));
    EXPECT_FALSE(tx.execute("INSERT INTO thing (id) VALUES ('a')", {}));
    EXPECT_FALSE(tx.execute("INSERT INTO thing (id) VALUES ('c')", {}));
    return {};
  });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "storage.constraint");
  EXPECT_EQ(r.failure().kind, FailureKind::conflict);
  EXPECT_EQ(count(), 1);
}

TEST_P(StorageTest, ErrorsNeverHoldValues) {
  ASSERT_TRUE(insert("secret-0912345678"));
  const auto twice = insert("secret-0912345678");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.failure().detail.find("0912345678"), std::string::npos) << twice.failure().detail;
  EXPECT_NE(twice.failure().detail.find("INSERT INTO thing"), std::string::npos);
  const auto bulk = database().write(test_act(), [&](Transaction& tx) {
    return tx.bulk_insert("thing", {"id"}, {{"secret-0912345678"}});
  });
  ASSERT_FALSE(bulk);
  EXPECT_EQ(bulk.failure().code, "storage.constraint");
  EXPECT_EQ(bulk.failure().detail.find("0912345678"), std::string::npos) << bulk.failure().detail;
}

TEST_P(StorageTest, BadStatementsAndTextsFail) {
  const struct { const char* sql; Values values; const char* code; } cases[] = {
      {"SELECT * FROM nowhere", {}, "storage.failed"},
      {"SELEKT 1", {}, "storage.failed"},
      {"INSERT INTO part (id, thing_id) VALUES ('p', 'nobody')", {}, "storage.constraint"},
      {"INSERT INTO thing (id) VALUES ($1)", {std::string("a\0b", 3)}, "storage.bad_text"},
      {"INSERT INTO thing (id) VALUES ($1)", {"\xc3("}, "storage.bad_text"},
      {"INSERT INTO thing (id) VALUES ($1)", {std::nullopt}, "storage.constraint"},
  };
  for (const auto& c : cases) {
    const auto r = database().write(test_act(), [&](Transaction& tx) -> Result<void> {
      TRY(tx.execute(c.sql, c.values));
      return {};
    });
    ASSERT_FALSE(r) << c.sql;
    EXPECT_EQ(r.failure().code, c.code) << c.sql << ": " << r.failure().detail;
  }
  EXPECT_TRUE(insert("still works"));
}

TEST_P(StorageTest, ManyWritersShareCommitsAndFailAlone) {
  std::atomic<int> good = 0, bad = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        // every fourth one collides with what its own body wrote before
        const auto id = std::to_string(t) + "-" + std::to_string(i);
        const auto r = database().write(test_act(), [&](Transaction& tx) -> Result<void> {
          TRY(tx.execute("INSERT INTO thing (id) VALUES ($1)", {id}));
          if (i % 4 == 0) TRY(tx.execute("INSERT INTO thing (id) VALUES ($1)", {id}));
          return {};
        });
        (r ? good : bad)++;
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(good, 16 * 30);
  EXPECT_EQ(bad, 16 * 10);
  EXPECT_EQ(count(), 16 * 30);
}

TEST_P(StorageTest, AReadSeesOneMoment) {
  ASSERT_TRUE(insert("a"));
  ASSERT_TRUE(database().read([&](Reader& r) -> Result<void> {
    const auto n = [&] { return **r.find("SELECT count(*) FROM thing", {}, [](const Row& row) { return row.integer(0); }); };
    EXPECT_EQ(n(), 1);
    EXPECT_TRUE(insert("b"));
    EXPECT_EQ(n(), 1);
    return {};
  }));
  EXPECT_EQ(count(), 2);
}

TEST_P(StorageTest, AQueryInsideAQueryOfTheSameText) {
  ASSERT_TRUE(insert("a"));
  ASSERT_TRUE(insert("b"));
  int pairs = 0;
  const auto sql = "SELECT id FROM thing WHERE n = $1";
  ASSERT_TRUE(database().read([&](Reader& r) {
    return r.query(sql, {1}, [&](const Row&) { EXPECT_TRUE(r.query(sql, {1}, [&](const Row&) { ++pairs; })); });
  }));
  EXPECT_EQ(pairs, 4);
}

TEST_P(StorageTest, AVisitorThatThrowsLeavesTheConnectionUsable) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(insert(std::to_string(i)));
  EXPECT_THROW((void)database().read([](Reader& r) {
    return r.query("SELECT id FROM thing", {}, [](const Row&) { throw std::logic_error("defect"); });
  }), std::logic_error);
  EXPECT_EQ(count(), 20);
  const auto divided = database().read([](Reader& r) { return r.query("SELECT 1 FROM nowhere", {}, [](const Row&) {}); });
  EXPECT_FALSE(divided);
  EXPECT_EQ(count(), 20);
}

TEST_P(StorageTest, ReadsInsideReadsDoNotWaitForEachOther) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 20; ++t)
    threads.emplace_back([&] {
      EXPECT_TRUE(database().read([&](Reader&) -> Result<void> {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_EQ(count(), 0);
        return {};
      }));
    });
  for (auto& t : threads) t.join();
}

TEST_P(StorageTest, ReadersCannotWrite) {
  const auto r = database().read([&](Reader& reader) { return reader.query("INSERT INTO thing (id) VALUES ('x')", {}, [](const Row&) {}); });
  EXPECT_FALSE(r);
  EXPECT_EQ(count(), 0);
}

TEST_P(StorageTest, AWriteNeedsAnAct) {
  const auto r = database().write(Act{}, [](Transaction&) -> Result<void> { return {}; });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "storage.act_missing");
  Result<void> inner;
  ASSERT_TRUE(database().write(test_act(), [&](Transaction&) -> Result<void> { inner = insert("x"); return {}; }));
  ASSERT_FALSE(inner);
  EXPECT_EQ(inner.failure().code, "storage.write_inside_write");
}

TEST_P(StorageTest, WhatWasWrittenIsThereAfterReopening) {
  ASSERT_TRUE(insert("a"));
  reopen();
  EXPECT_EQ(count(), 1);
}

class ListSink : public AuditSink {
 public:
  Result<void> append(Transaction& tx, std::span<const Entry> entries) override {
    if (fail) return unavailable("test.audit_down", "");
    for (const auto& e : entries)
      TRY(tx.execute("INSERT INTO thing (id, n) VALUES ($1, 99)", {e.act->action + "/" + e.note->action + "/" + e.note->object}));
    return {};
  }
  bool fail = false;
};

TEST_P(StorageTest, TheAuditCommitsWithTheWriteOrNeitherDoes) {
  const auto sink = std::make_shared<ListSink>();
  database().set_audit_sink(sink);
  ASSERT_TRUE(insert("plain"));
  ASSERT_TRUE(database().write(test_act("test.noted"), [&](Transaction& tx) -> Result<void> {
    tx.note({.action = "one", .object = "per_1"});
    tx.note({.action = "two", .object = "per_2"});
    return {};
  }));
  Act quiet = test_act("test.quiet");
  quiet.purpose = bookkeeping;
  ASSERT_TRUE(database().write(quiet, [](Transaction&) -> Result<void> { return {}; }));
  EXPECT_EQ(count("n = 99"), 3);
  EXPECT_EQ(count("id = 'test.write/test.write/'"), 1);
  EXPECT_EQ(count("id = 'test.noted/two/per_2'"), 1);
  ASSERT_FALSE(database().write(test_act(), [&](Transaction& tx) -> Result<void> {
    tx.note({.action = "undone", .object = "x"});
    return conflict("test.no");
  }));
  EXPECT_EQ(count("n = 99"), 3);
  sink->fail = true;
  const auto r = insert("unaudited");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "test.audit_down");
  EXPECT_EQ(count("id = 'unaudited'"), 0);
}

TEST_P(StorageTest, MigrationsRunOnceInOrderAndMayNotChange) {
  const Migration later{"0003_later", "-- local\nCREATE TABLE later (id TEXT NOT NULL REFERENCES earlier (id), PRIMARY KEY (id));"};
  const Migration earlier{"0002_earlier", "-- local\nCREATE TABLE earlier (id TEXT NOT NULL, PRIMARY KEY (id));"};
  const auto ran = database().migrate({later, first, earlier});
  ASSERT_TRUE(ran) << ran.failure().detail;
  EXPECT_EQ(*ran, (std::vector<std::string>{"0002_earlier", "0003_later"}));
  EXPECT_TRUE(database().migrate({first, earlier, later})->empty());

  auto changed = first;
  changed.sql += " ";
  const auto refused = database().migrate({changed});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, "storage.migration_changed");
  EXPECT_EQ(database().migrate({first, first}).failure().code, "storage.migration_twice");

  const auto broken = database().migrate({{"0004_broken", "-- local\nCREATE TABLE half (id TEXT NOT NULL, PRIMARY KEY (id)); SELEKT;"}});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.failure().code, "storage.migration_failed");
  EXPECT_FALSE(database().read([](Reader& r) { return r.query("SELECT * FROM half", {}, [](const Row&) {}); }));
  EXPECT_TRUE(insert("still works"));
}

TEST_P(StorageTest, BacksUpWhileInUseAndChecksItself) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(insert(std::to_string(i)));
  std::atomic<bool> stop = false;
  std::thread writer([&] { for (int i = 1000; !stop; ++i) EXPECT_TRUE(insert(std::to_string(i))); });
  const auto file = dir().file("copy");
  const auto backed = database().backup_to(file);
  stop = true;
  writer.join();
  ASSERT_TRUE(backed) << backed.failure().detail;
  EXPECT_GT(std::filesystem::file_size(file), 1000U);
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  const auto findings = database().check_integrity();
  ASSERT_TRUE(findings) << findings.failure().detail;
  EXPECT_TRUE(findings->empty());
}

TEST_P(StorageTest, TwoProcessesWriteTheSameDatabase) {
  auto other = open_database(options());
  ASSERT_TRUE(other);
  const auto write_many = [](Database& db, const std::string& prefix) {
    for (int i = 0; i < 60; ++i)
      ASSERT_TRUE(db.write(test_act(), [&](Transaction& tx) -> Result<void> {
        TRY(tx.execute("INSERT INTO thing (id, n) VALUES ($1, 1)", {prefix + std::to_string(i)}));
        return {};
      }));
  };
  std::thread a([&] { write_many(database(), "a"); });
  std::thread b([&] { write_many(**other, "b"); });
  a.join();
  b.join();
  EXPECT_EQ(count(), 120);
}

TEST_P(StorageTest, AGroupThatLosesADeadlockIsRunAgain) {
  auto other = open_database(options());
  ASSERT_TRUE(other);
  ASSERT_TRUE(insert("a", 0));
  ASSERT_TRUE(insert("b", 0));
  const auto count_up = [](Database& db, const char* one, const char* two) {
    for (int i = 0; i < 40; ++i) {
      const auto r = db.write(test_act(), [&](Transaction& tx) -> Result<void> {
        TRY(tx.execute("UPDATE thing SET n = n + 1 WHERE id = $1", {one}));
        TRY(tx.execute("UPDATE thing SET n = n + 1 WHERE id = $1", {two}));
        return {};
      });
      ASSERT_TRUE(r) << r.failure().detail;
    }
  };
  std::thread first_order([&] { count_up(database(), "a", "b"); });
  std::thread other_order([&] { count_up(**other, "b", "a"); });
  first_order.join();
  other_order.join();
  EXPECT_EQ(count("n = 80"), 2);
}

}  // namespace
}  // namespace motcua::storage
