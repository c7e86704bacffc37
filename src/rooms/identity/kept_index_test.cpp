// New records joined a few at a time, by processes that come and go and die, give the persons of one run; on both databases.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/prng.hpp"
#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

using Records = std::vector<SourceRecord>;
using Partition = std::map<std::string, std::string>;   // "source:id" -> the first record of its person

/// Households with a phone or two, told of by several sources, some with slips, and apps that know a phone only.
Records town(int households, std::uint64_t seed) {
  const std::vector<std::string> family{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng"}, middle{"Văn", "Thị", "Minh", "Ngọc"},
      given{"An", "Bình", "Châu", "Dũng", "Hà", "Hải", "Lan", "Mai", "Nam", "Sơn", "Tâm", "Vy"};
  Prng rng(seed);
  Records out;
  for (int h = 0; h < households; ++h) {
    const std::string surname = rng.pick(family), house_phone = "0938" + std::to_string(100000 + h);
    for (int m = 0; m < 3; ++m) {
      const std::string id = std::to_string(h) + "-" + std::to_string(m), name = surname + " " + rng.pick(middle) + " " + rng.pick(given);
      const int year = 1950 + static_cast<int>(rng.below(50));
      const bool male = rng.chance(0.5);
      const std::string birth = std::to_string(year) + "-0" + std::to_string(1 + rng.below(9)) + "-" + std::to_string(10 + rng.below(18));
      const std::string phone = m == 0 || rng.chance(0.4) ? house_phone : "0912" + std::to_string(100000 + h * 3 + m);
      const std::string sex = male ? "Nam" : "Nữ", number = "079" + std::to_string(male ? 0 : 1) + std::to_string(year).substr(2) + std::to_string(100000 + h * 3 + m);
      SourceRecord r = told("residents", id, name, birth, sex, rng.chance(0.5) ? phone : "", number);
      r.address = std::to_string(h) + " Lê Lợi";
      out.push_back(r);
      if (rng.chance(0.8)) out.push_back(told("ncovi", id, name, birth, sex, phone)), out.back().phone_is_own = m == 0;
      if (rng.chance(0.6)) out.push_back(told("doses", id, rng.chance(0.3) ? surname + " " + name : name, birth, sex, phone, number));
      if (rng.chance(0.5)) out.push_back(told("tests", id, name, std::to_string(year), sex, rng.chance(0.5) ? house_phone : phone));
      if (rng.chance(0.4)) out.push_back(told("bluezone-users", id, "", "", {}, phone)), out.back().phone_is_own = true;
    }
  }
  for (SourceRecord& r : out) r.told_at = vietnam_time(Date(std::chrono::year(2021), std::chrono::June, std::chrono::day(1)), 9);
  rng.shuffle(out);
  return out;
}

/// A database with the process that is at work on it, which may end and begin anew.
class Site {
 public:
  explicit Site(tests::EngineKind engine) : made_(tests::make_test_database(engine)) { restart(); }

  void restart() {
    house_.reset();
    house_ = std::make_unique<TestHouse>(*made_->database, made_->dir.file("home"));
  }
  Identity& door() { return house_->door(); }
  storage::Database& database() { return *made_->database; }
  std::string index_file() const { return made_->dir.file("home") + "/identity.index"; }

  void save(std::span<const SourceRecord> records) {
    std::vector<std::shared_ptr<const PreparedRecord>> prepared;
    std::vector<intake::Warning> warnings;
    for (const auto& r : records) {
      auto one = door().prepare(r, warnings);
      ASSERT_TRUE(one) << one.failure().code << " " << one.failure().field << " of " << r.source;
      prepared.push_back(*std::move(one));
    }
    const auto saved = database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return door().save(tx, prepared); });
    ASSERT_TRUE(saved) << saved.failure().detail;
  }
  Result<Identity::LinkSummary> try_link(bool full = false) { return door().link(tests::test_act("identity.link"), {.full = full}); }
  Identity::LinkSummary link(bool full = false) {
    auto done = try_link(full);
    EXPECT_TRUE(done) << done.failure().code << " " << done.failure().detail;
    return *done;
  }
  std::map<std::string, std::string> persons(const Records& records) {
    std::map<std::string, std::string> key_of_subject, out;
    std::vector<std::string> subjects;
    for (const auto& r : records) {
      subjects.push_back(door().subject_of(r.source, r.record_id));
      key_of_subject[subjects.back()] = r.source + ":" + r.record_id;
    }
    const auto found = database().read_value([&](storage::Reader& reader) { return door().persons_of(reader, subjects); });
    for (const auto& [subject, person] : *found) out[key_of_subject.at(subject)] = person;
    return out;
  }
  Partition partition(const Records& records) {
    std::map<std::string, std::string> first;
    const auto of = persons(records);
    for (const auto& [key, person] : of) first.try_emplace(person, key);
    Partition p;
    for (const auto& [key, person] : of) p[key] = first.at(person);
    return p;
  }

 private:
  std::unique_ptr<tests::TestDatabase> made_;
  std::unique_ptr<TestHouse> house_;
};

class KeptIndexTest : public testing::TestWithParam<tests::EngineKind> {};
INSTANTIATE_TEST_SUITE_P(Engines, KeptIndexTest, tests::both_engines(), tests::engine_name);

constexpr std::size_t share_known = 6;   // sevenths that the first, full run sees: the rest is linked as what is new

/// All of the rest in one run after the first: what every other way must give.
Partition in_one_run(tests::EngineKind engine, const Records& records) {
  Site site(engine);
  const std::size_t known = records.size() * share_known / 7;
  site.save(std::span(records).first(known));
  site.link(true);
  site.save(std::span(records).subspan(known));
  site.link();
  return site.partition(records);
}

std::size_t differences(const Partition& a, const Partition& b) {
  std::size_t n = a.size() > b.size() ? a.size() - b.size() : 0;
  for (const auto& [key, first] : b) n += !a.contains(key) || a.at(key) != first;
  return n;
}

TEST_P(KeptIndexTest, a_few_at_a_time_across_restarts_is_like_all_at_once) {
  for (const std::uint64_t seed : {1, 2}) {
    const Records records = town(30, seed);
    const Partition wanted = in_one_run(GetParam(), records);
    Site site(GetParam());
    const std::size_t known = records.size() * share_known / 7;
    site.save(std::span(records).first(known));
    site.link(true);
    ASSERT_TRUE(std::filesystem::exists(site.index_file()));
    Prng rng(seed);
    std::size_t restarts = 0;
    for (std::size_t from = known; from < records.size();) {
      const std::size_t some = std::min(records.size() - from, 1 + rng.below(4));
      site.save(std::span(records).subspan(from, some));
      from += some;
      if (rng.chance(0.3)) ++restarts, site.restart();
      if (rng.chance(0.2)) std::ofstream(site.index_file(), std::ios::app) << "what a torn write leaves";
      if (rng.chance(0.7)) site.link();
    }
    site.link();
    EXPECT_GT(restarts, 1u);
    EXPECT_EQ(differences(wanted, site.partition(records)), 0u) << "seed " << seed << " of " << records.size();
    EXPECT_EQ(site.link().pairs_scored, 0);
  }
}

/// Dies with the nth commit from now on.
class Dying : public storage::AuditSink {
 public:
  explicit Dying(int after) : left_(after) {}
  Result<void> append(storage::Transaction&, std::span<const Entry>) override {
    if (left_-- > 0) return {};
    return unavailable("test.dead", "dead");
  }

 private:
  int left_;
};

TEST_P(KeptIndexTest, a_run_that_dies_between_two_commits_is_made_up_for) {
  const Records records = town(30, 3);
  const Partition wanted = in_one_run(GetParam(), records);
  const std::size_t known = records.size() * share_known / 7;
  for (const bool goes_on : {false, true}) {   // in a new process, or in the one that could not write
    for (const int commits : {0, 1}) {
      Site site(GetParam());
      site.save(std::span(records).first(known));
      site.link(true);
      site.save(std::span(records).subspan(known));
      site.database().set_audit_sink(std::make_shared<Dying>(commits));
      EXPECT_EQ(site.try_link().failure().code, "test.dead");
      site.database().set_audit_sink(std::make_shared<Dying>(1'000'000));
      if (!goes_on) site.restart();
      site.link();
      EXPECT_EQ(differences(wanted, site.partition(records)), 0u) << commits << " commits, " << (goes_on ? "same" : "new") << " process";
    }
  }
}

TEST_P(KeptIndexTest, what_people_decide_reaches_the_index_of_another_process) {
  const Records records = town(30, 4);
  const std::size_t known = records.size() * share_known / 7;
  Site site(GetParam());
  site.save(std::span(records).first(known));
  site.link(true);
  const Viewer viewer{tests::test_act("identity.review"), {""}};
  const auto of = site.persons(records);
  std::map<std::string, std::vector<std::string>> members;
  for (const auto& [key, person] : of) members[person].push_back(key);
  std::vector<std::pair<std::string, std::string>> apart, together;
  std::string alone;
  for (const auto& [person, keys] : members) {
    if (keys.size() >= 3 && apart.size() < 4) {
      const auto colon = keys[0].find(':');
      const std::vector<std::string> out{site.door().subject_of(keys[0].substr(0, colon), keys[0].substr(colon + 1))};
      ASSERT_TRUE(site.door().split(viewer, person, out));
      for (std::size_t i = 1; i < keys.size(); ++i) apart.emplace_back(keys[0], keys[i]);
    } else if (keys.size() == 2 && together.size() < 3) {
      if (!alone.empty() && keys[0].substr(0, 9) != "residents") {
        ASSERT_TRUE(site.door().merge(viewer, person, of.at(alone)));
        together.emplace_back(keys[0], alone);
        alone.clear();
      } else {
        alone = keys[0];
      }
    }
  }
  ASSERT_GE(apart.size(), 4u);
  site.restart();
  for (std::size_t from = known; from < records.size(); from += 5) {
    site.save(std::span(records).subspan(from, std::min<std::size_t>(5, records.size() - from)));
    site.link();
    const auto now = site.persons(records);
    for (const auto& [a, b] : apart) EXPECT_NE(now.at(a), now.at(b)) << a << " " << b;
    for (const auto& [a, b] : together) EXPECT_EQ(now.at(a), now.at(b)) << a << " " << b;
  }
}

TEST_P(KeptIndexTest, corrections_move_records_and_come_back) {
  const Records records = town(30, 5);
  Site site(GetParam());
  site.save(records);
  site.link(true);
  const Partition before = site.partition(records);
  Records wrong(records.begin(), records.begin() + 12);
  int n = 100;
  for (SourceRecord& r : wrong) r.full_name = "Vũ Xuân Khác", r.birth = "1931-02-03", r.sex = "Nam", r.id_number = "079031000" + std::to_string(n++), r.phone = "0977000111";
  site.save(wrong);
  site.link();
  EXPECT_GT(differences(before, site.partition(records)), 5u);
  site.restart();
  site.save(std::span(records).first(wrong.size()));
  site.link();
  EXPECT_EQ(differences(before, site.partition(records)), 0u);
}

TEST_P(KeptIndexTest, a_name_with_slips_is_found_through_the_index) {
  Site site(GetParam());
  site.save(std::vector{told("residents", "1", "Nguyễn Thị Ngọc Hân", "1990-07-08", "Nữ", "0938000203", "079190000013"),
                        told("residents", "2", "Trần Văn Bình", "1960-03-04", "Nam", "0938000201", "079060000011")});
  site.link(true);
  const auto found = site.door().find_person(tests::test_act("identity.find_person"), {.full_name = "nguyen thi ngok han", .birth = "1990-07-08"}, 5);
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->empty());
  EXPECT_EQ((*found)[0].person.birth, "1990-07-08");
}

}  // namespace
}  // namespace motcua::identity
