// A whole installation, backed up and restored elsewhere, on both databases: people, links, keys and a log that verifies.
#include "app/backup.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "app/installation.hpp"
#include "platform/audit/audit.hpp"
#include "tests/support/database.hpp"
#include "tests/support/postgres.hpp"

namespace motcua::app {
namespace {

namespace fs = std::filesystem;

class BackupTest : public testing::TestWithParam<tests::EngineKind> {
 protected:
  std::string empty_database() const { return GetParam() == tests::EngineKind::postgres ? tests::fresh_postgres_database() : std::string(); }
  std::unique_ptr<Installation> open(const std::string& data_dir, const std::string& url) {
    Globals globals;
    globals.data_dir = data_dir;
    globals.database_url = url;
    auto opened = Installation::open(globals);
    if (!opened) throw std::runtime_error(opened.failure().code + " " + opened.failure().detail);
    return std::move(*opened);
  }
  void bring_in(Installation& home) {
    const auto kind = home.find_kind("residents");
    const auto text = intake::text_source("id_number,full_name,birth_date,sex,phone\n079180000123,Nguyễn Thị An,1980-05-02,Nữ,0938000204\n079190000124,Trần Văn Bình,1990-01-03,Nam,0938000205\n");
    const auto done = intake::import_source(home.database(), home.act("import"), *kind, {.source = "residents", .shown_name = "residents.csv"}, *text, home.house().data_dir);
    ASSERT_TRUE(done) << done.failure().code;
    ASSERT_TRUE(home.rooms().identity->door().link(home.act("identity.link"), {}));
  }
  std::string links(Installation& home) {
    std::string out;
    EXPECT_TRUE(home.database().read([&](storage::Reader& reader) {
      return reader.query("SELECT r.record_id, l.person_id, p.full_name FROM identity_record r JOIN identity_link l ON l.subject_id = r.subject_id "
                          "JOIN identity_person p ON p.person_id = l.person_id ORDER BY r.record_id",
                          {}, [&](const storage::Row& row) { out += row.string(0) + " " + row.string(1) + " " + row.string(2) + "\n"; });
    }));
    return out;
  }
  tests::TempDir dir_;
};
INSTANTIATE_TEST_SUITE_P(Engines, BackupTest, tests::both_engines(), tests::engine_name);

TEST_P(BackupTest, WhatWasBackedUpIsThereAfterARestore) {
  const std::string here = dir_.file("here"), there = dir_.file("there"), file = dir_.file("house.backup");
  std::string before, sealed_secret;
  {
    const auto home = open(here, empty_database());
    bring_in(*home);
    before = links(*home);
    ASSERT_NE(before.find("Nguyễn Thị An"), std::string::npos);
    sealed_secret = to_hex(*home->house().keys.secret("backup-test", 32));
    ASSERT_TRUE(audit::checkpoint(home->database()));
    const auto bytes = write_backup(home->database(), home->house().keys, here, file);
    ASSERT_TRUE(bytes) << bytes.failure().code << " " << bytes.failure().detail;
    EXPECT_GT(*bytes, 1000U);
  }
  fs::create_directories(there + "/keys");
  fs::copy_file(here + "/keys/master.key", there + "/keys/master.key");
  const std::string url = empty_database();
  const auto restored = read_backup(file, there, url);
  ASSERT_TRUE(restored) << restored.failure().code << " " << restored.failure().detail;
  const auto home = open(there, url);
  EXPECT_EQ(links(*home), before);
  EXPECT_EQ(to_hex(*home->house().keys.secret("backup-test", 32)), sealed_secret);
  const auto chain = audit::verify(home->database(), home->house().keys);
  ASSERT_TRUE(chain) << chain.failure().code;
  EXPECT_FALSE(chain->first_break);
  EXPECT_GT(chain->checkpoints, 0);
  EXPECT_TRUE(home->database().check_integrity()->empty());
  bring_in(*home);
  EXPECT_EQ(links(*home), before) << "and it goes on as before";
  const auto again = read_backup(file, there, url);
  ASSERT_FALSE(again) << "a house that is there is not overwritten";
  EXPECT_EQ(again.failure().code, "storage.database_there");
}

}  // namespace
}  // namespace motcua::app
