// Records go when their time is over, unless somebody still needs them; on both databases.
#include <gtest/gtest.h>

#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

class PurgeTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    for (const auto& [kind, days_ago] : std::initializer_list<std::pair<const char*, int>>{
             {"residents", 9000}, {"tests", 3700}, {"tests", 3600}, {"doses", 3700}, {"ncovi", 400}, {"vhd", 400}, {"vhd", 300}, {"bluezone-users", 400}, {"bluezone-users", 10}})
      save(kind, days_ago);
    ASSERT_TRUE(house_->door().link(tests::test_act("identity.link"), {}));
  }
  void save(const std::string& kind, int days_ago) {
    SourceRecord r = told(kind, kind + std::to_string(days_ago), "Nguyễn Thị Quên", "1980-05-02", "Nữ", "0938000" + std::to_string(100 + days_ago % 900), "079180000123");
    r.told_at = house_->now - std::chrono::days(days_ago);
    r.phone_is_own = kind == "bluezone-users";
    if (r.phone_is_own) r.id_number.clear();
    std::vector<intake::Warning> warnings;
    auto prepared = house_->door().prepare(std::move(r), warnings);
    ASSERT_TRUE(prepared) << prepared.failure().code;
    const std::shared_ptr<const PreparedRecord> records[] = {*prepared};
    ASSERT_TRUE(database().write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(house_->door().save(tx, records));
      return {};
    }));
  }
  /// "tests3600 vhd300 ...": what is left.
  std::string left() {
    std::string out;
    EXPECT_TRUE(database().read([&](storage::Reader& r) {
      return r.query("SELECT record_id FROM identity_record ORDER BY record_id", {}, [&](const storage::Row& row) { out += (out.empty() ? "" : " ") + row.string(0); });
    }));
    return out;
  }
  std::int64_t count(const std::string& table) {
    return **database().read_value([&](storage::Reader& r) { return r.find("SELECT COUNT(*) FROM " + table, {}, [](const storage::Row& row) { return row.integer(0); }); });
  }
  std::string purged(bool count_only) {
    std::string out;
    for (const auto& line : *house_->room->purge(tests::test_act("identity.purge"), house_->now, count_only)) out += (out.empty() ? "" : " ") + std::to_string(line.rows);
    return out;
  }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PurgeTest, tests::both_engines(), tests::engine_name);

TEST_P(PurgeTest, RecordsGoWhenTheirTimeIsOver) {
  EXPECT_EQ(purged(true), "2 2 1");
  EXPECT_EQ(count("identity_record"), 9) << "counting deletes nothing";
  EXPECT_EQ(purged(false), "2 2 1");
  EXPECT_EQ(left(), "bluezone-users10 residents9000 tests3600 vhd300");
  EXPECT_EQ(count("identity_link"), 4);
  EXPECT_EQ(count("identity_claim WHERE subject_id NOT IN (SELECT subject_id FROM identity_record)"), 0);
  EXPECT_EQ(count("identity_person"), count("(SELECT DISTINCT person_id FROM identity_link) AS linked"));
  EXPECT_EQ(purged(false), "0 0 0");
  const auto linked = house_->door().link(tests::test_act("identity.link"), {});
  ASSERT_TRUE(linked) << linked.failure().code;
  EXPECT_EQ(linked->records, 4) << "what is gone comes back by no link";
}

TEST_P(PurgeTest, WhatIsStillNeededStays) {
  const std::string test = house_->door().subject_of("tests", "tests3700");
  house_->door().add_referrer([&](storage::Reader&, std::span<const std::string> names) -> Result<std::vector<std::string>> {
    std::vector<std::string> needed;
    for (const auto& name : names)
      if (name == test || name == "record:vhd:vhd400" || name.starts_with("phone:")) needed.push_back(name);
    return needed;
  });
  EXPECT_EQ(purged(false), "1 1 0");
  EXPECT_EQ(left(), "bluezone-users10 bluezone-users400 residents9000 tests3600 tests3700 vhd300 vhd400");
}

TEST_P(PurgeTest, WhatWasDecidedAboutARecordGoesWithIt) {
  const auto person = [&](const std::string& kind, int days_ago) {
    const std::string subjects[] = {house_->door().subject_of(kind, kind + std::to_string(days_ago))};
    return database().read_value([&](storage::Reader& r) { return house_->door().persons_of(r, subjects); })->at(subjects[0]);
  };
  const Viewer viewer{tests::test_act("identity.split"), {""}};
  const std::string subjects[] = {house_->door().subject_of("tests", "tests3700")};
  const auto split = house_->door().split(viewer, person("tests", 3700), subjects);
  ASSERT_TRUE(split) << split.failure().code;
  ASSERT_GT(count("identity_decision"), 0);
  EXPECT_EQ(purged(false), "2 2 1");
  EXPECT_EQ(count("identity_decision"), 0);
  EXPECT_EQ(count("identity_event_move"), 0);
}

}  // namespace
}  // namespace motcua::identity
