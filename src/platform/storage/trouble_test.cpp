// What happens when the world fails: the disk is full, the server crashes, the process dies.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "platform/storage/storage.hpp"
#include "tests/support/database.hpp"
#include "tests/support/postgres.hpp"

namespace motcua::storage {
namespace {

using tests::test_act;

const Migration first{"0001_first", "-- local\nCREATE TABLE thing (id TEXT NOT NULL, b BYTEA, PRIMARY KEY (id));"};

Result<void> insert(Database& database, const std::string& id, std::size_t bytes = 0) {
  return database.write(test_act(), [&](Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO thing (id, b) VALUES ($1, $2)", {id, Bytes(bytes, 7)}));
    return {};
  });
}

std::set<std::string> ids(Database& database) {
  std::set<std::string> found;
  EXPECT_TRUE(database.read([&](Reader& r) {
    return r.query("SELECT id FROM thing", {}, [&](const Row& row) { found.insert(row.string(0)); });
  }));
  return found;
}

/// A file may not grow beyond this while it lives: what a full disk looks like to one process.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

TEST(Trouble, AFullDiskIsSaidAndSurvived) {
  const auto made = tests::make_test_database(tests::EngineKind::sqlite, {});
  auto& database = *made->database;
  ASSERT_TRUE(database.migrate({first}));
  std::set<std::string> acknowledged;
  int refused = 0;
  {
    const FileSizeLimit limit(2 << 20);
    for (int i = 0; i < 60; ++i) {
      const auto r = insert(database, std::to_string(i), 100'000);
      if (r) acknowledged.insert(std::to_string(i));
      else {
        ++refused;
        EXPECT_EQ(r.failure().kind, FailureKind::unavailable) << r.failure().detail;   // storage.disk_full when nothing at all could be written
      }
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(acknowledged.size(), 0U);
  EXPECT_EQ(ids(database), acknowledged);
  ASSERT_TRUE(insert(database, "after", 100'000));
  EXPECT_TRUE(database.check_integrity()->empty());
}

TEST(Trouble, ACrashedServerIsSaidAndSurvived) {
  const auto made = tests::make_test_database(tests::EngineKind::postgres, {});
  auto& database = *made->database;
  ASSERT_TRUE(database.migrate({first}));
  ASSERT_TRUE(insert(database, "before"));
  EXPECT_EQ(ids(database).size(), 1U);
  tests::crash_postgres();
  const auto down = insert(database, "during");
  ASSERT_FALSE(down);
  EXPECT_EQ(down.failure().kind, FailureKind::unavailable) << down.failure().detail;
  EXPECT_FALSE(database.read([](Reader& r) { return r.query("SELECT 1", {}, [](const Row&) {}); }));
  tests::start_postgres_again();
  ASSERT_TRUE(insert(database, "after"));
  EXPECT_EQ(ids(database), (std::set<std::string>{"after", "before"}));
}

/// A child writes and says what was acknowledged until it is killed; all of that must be there.
void kill_a_writer(const DatabaseOptions& options, const std::string& prefix, int after_ms, std::set<std::string>& acknowledged) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    auto database = open_database(options);
    for (int i = 0; database; ++i) {
      const auto id = prefix + std::to_string(i);
      const auto line = id + "\n";
      if (!insert(**database, id) || write(pipe_ends[1], line.data(), line.size()) < 0) break;
    }
    _exit(1);
  }
  close(pipe_ends[1]);
  std::string said;
  char buffer[4096];
  ssize_t n = read(pipe_ends[0], buffer, 1);  // the first acknowledgement: it is at work
  if (n == 1) said += buffer[0];
  usleep(static_cast<useconds_t>(after_ms) * 1000);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while ((n = read(pipe_ends[0], buffer, sizeof buffer)) > 0) said.append(buffer, static_cast<std::size_t>(n));
  close(pipe_ends[0]);
  for (std::size_t from = 0, end; (end = said.find('\n', from)) != std::string::npos; from = end + 1)
    acknowledged.insert(said.substr(from, end - from));
}

class KillTest : public testing::TestWithParam<tests::EngineKind> {};
INSTANTIATE_TEST_SUITE_P(Engines, KillTest, tests::both_engines(), tests::engine_name);

TEST_P(KillTest, WhatWasAcknowledgedIsThere) {
  auto made = tests::make_test_database(GetParam(), {});
  ASSERT_TRUE(made->database->migrate({first}));
  made->database.reset();  // no threads and connections of ours while forking
  std::set<std::string> acknowledged;
  for (int kill = 0; kill < 10; ++kill) kill_a_writer(made->options, "k" + std::to_string(kill) + "-", kill, acknowledged);
  EXPECT_GE(acknowledged.size(), 10U);
  made->database = std::move(open_database(made->options)).value();
  const auto there = ids(*made->database);
  for (const auto& id : acknowledged) EXPECT_TRUE(there.contains(id)) << id;
  EXPECT_TRUE(made->database->check_integrity()->empty());
}

}  // namespace
}  // namespace motcua::storage
