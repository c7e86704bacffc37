// The door, on both databases.
#include "rooms/identity/identity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "rooms/identity/store.hpp"
#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

class IdentityTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().file("home"));
    house_->bus.on(std::string(persons_changed), "test.listen", [this](const events::Event& e) -> Result<void> {
      if (e.payload.contains("person_ids"))
        for (const auto& id : e.payload.at("person_ids").as_array()) heard_.insert(std::string(id.as_string()));
      return {};
    });
  }
  void TearDown() override {
    house_.reset();
    DatabaseTest::TearDown();
  }
  Identity& door() { return house_->door(); }

  std::vector<Saved> save(const std::vector<SourceRecord>& records) {
    std::vector<std::shared_ptr<const PreparedRecord>> prepared;
    for (const auto& r : records) {
      std::vector<intake::Warning> warnings;
      auto p = door().prepare(r, warnings);
      EXPECT_TRUE(p) << (p ? "" : p.failure().code);
      if (p) prepared.push_back(*p);
    }
    auto saved = database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return door().save(tx, prepared); });
    EXPECT_TRUE(saved) << (saved ? "" : saved.failure().code + " " + saved.failure().detail);
    return saved ? *saved : std::vector<Saved>{};
  }
  Identity::LinkSummary link(bool full = false) {
    auto summary = door().link(tests::test_act("identity.link"), {.full = full});
    EXPECT_TRUE(summary) << (summary ? "" : summary.failure().code + " " + summary.failure().detail);
    return summary ? *summary : Identity::LinkSummary{};
  }
  /// The person of "source:id"; empty when it is not linked.
  std::string person(const std::string& source, const std::string& id) {
    const std::vector<std::string> subjects{door().subject_of(source, id)};
    auto persons = database().read_value([&](storage::Reader& r) { return door().persons_of(r, subjects); });
    EXPECT_TRUE(persons);
    return persons && !persons->empty() ? persons->begin()->second : std::string();
  }
  PersonSummary summary(const std::string& person_id) {
    const std::vector<std::string> ids{person_id};
    auto found = database().read_value([&](storage::Reader& r) { return door().summaries(r, ids); });
    EXPECT_TRUE(found && found->size() == 1);
    return found && !found->empty() ? (*found)[0] : PersonSummary{};
  }
  /// Whom a reference means on a day of July 2021; "" for nobody.
  std::string meant(const std::string& reference, int day) {
    const std::vector<std::string> references{*to_reference(reference)};
    auto spans = database().read_value([&](storage::Reader& r) { return door().resolve(r, references); });
    EXPECT_TRUE(spans);
    for (const auto& s : *spans)
      if ((!s.from || *s.from <= july(day)) && (!s.until || july(day) < *s.until)) return s.person_id;
    return {};
  }
  static Instant july(int day) {
    return vietnam_time(Date(std::chrono::year(2021), std::chrono::July, std::chrono::day(static_cast<unsigned>(day))), 12);
  }
  static Viewer reviewer(std::vector<std::string> areas = {""}) {
    return {{"acc_reviewer", "reviewer", "identity-review", "identity.review", "req_1"}, std::move(areas)};
  }
  std::int64_t count(const std::string& sql) {
    auto n = database().read_value([&](storage::Reader& r) { return r.find(sql, {}, [](const storage::Row& row) { return row.integer(0); }); });
    EXPECT_TRUE(n) << sql;
    return n && *n ? **n : -1;
  }

  static SourceRecord resident(const std::string& id, const std::string& name, const std::string& birth, const std::string& sex,
                               const std::string& phone = {}) {
    SourceRecord r = told("residents", id, name, birth, sex, phone, id);
    r.phone_is_own = true;
    r.ward_code = "26740";
    r.address = "12 Lê Lợi";
    return r;
  }
  static SourceRecord app_user(const std::string& phone, int day) {
    SourceRecord r = told("bluezone-users", phone, "", "", "", phone);
    r.phone_is_own = true;
    r.told_at = july(day);
    return r;
  }
  static SourceRecord declared(const std::string& id, const std::string& name, const std::string& birth, const std::string& sex, const std::string& phone,
                               int day, bool own, const std::string& id_number = {}) {
    SourceRecord r = told("ncovi", id, name, birth, sex, phone, id_number);
    r.told_at = july(day);
    r.phone_is_own = own;
    return r;
  }
  /// A family, two declarations of its daughter, and others who are nobody's double.
  std::vector<SourceRecord> town() {
    return {resident("079060000011", "Trần Văn Bình", "1960-03-04", "Nam", "0938000201"),
            resident("079160000012", "Lê Thị Cúc", "1962-05-06", "Nữ", "0938000202"),
            resident("079190000013", "Trần Thị Minh Đào", "1990-07-08", "Nữ", "0938000203"),
            resident("079088000014", "Phạm Quốc Huy", "1988-09-10", "Nam", "0938000204"),
            resident("079099000015", "Huỳnh Gia Khánh", "1999-11-12", "Nam", "0938000205"),
            declared("D-1", "TRAN THI MINH DAO", "08/07/1990", "Nu", "938000203", 10, true, "79190000013"),
            declared("D-2", "Traanf Thij Minh Ddaof", "1990-07-08", "Nữ", "0938000203", 20, true),
            declared("D-3", "Trần Văn Bình", "1960-03-04", "Nam", "0938000203", 20, false, "079060000011")};
  }

  std::unique_ptr<TestHouse> house_;
  std::set<std::string> heard_;
};

INSTANTIATE_TEST_SUITE_P(Engines, IdentityTest, tests::both_engines(), tests::engine_name);

TEST_P(IdentityTest, saves_once_and_sees_changes) {
  const auto records = town();
  EXPECT_EQ(save(records), std::vector<Saved>(records.size(), Saved::accepted));
  EXPECT_EQ(save(records), std::vector<Saved>(records.size(), Saved::unchanged));
  auto changed = records[5];
  changed.phone = "0938000299";
  EXPECT_EQ(save({changed, records[6], changed}), (std::vector<Saved>{Saved::updated, Saved::unchanged, Saved::unchanged}));
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_claim WHERE reference = 'phone:+84938000299'"), 1);
  auto twice = declared("D-9", "Võ An", "1970", "Nam", "0938000211", 1, true), again = twice;
  again.phone = "0938000212";
  EXPECT_EQ(save({twice, again}), (std::vector<Saved>{Saved::accepted, Saved::updated}));
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_claim WHERE reference = 'phone:+84938000211'"), 0);
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_claim WHERE reference = 'phone:+84938000212'"), 1);
}

TEST_P(IdentityTest, links_records_of_one_person_and_not_the_family) {
  save(town());
  const auto summary_of_run = link();
  EXPECT_EQ(summary_of_run.records, 8);
  EXPECT_EQ(summary_of_run.persons, 5);
  EXPECT_EQ(person("ncovi", "D-1"), person("residents", "079190000013"));
  EXPECT_EQ(person("ncovi", "D-2"), person("residents", "079190000013"));
  EXPECT_EQ(person("ncovi", "D-3"), person("residents", "079060000011"));
  EXPECT_NE(person("ncovi", "D-3"), person("ncovi", "D-2"));
  const auto s = summary(person("ncovi", "D-1"));
  EXPECT_EQ(s.full_name.reveal(), "Trần Thị Minh Đào");
  EXPECT_EQ(s.records, 3);
  EXPECT_EQ(s.ward_code, "26740");
  EXPECT_EQ(s.phone.reveal(), "+84938000203");
  ASSERT_TRUE(house_->bus.drain());
  EXPECT_TRUE(heard_.contains(s.person_id));
}

TEST_P(IdentityTest, running_again_changes_nothing) {
  save(town());
  link();
  const auto before = person("ncovi", "D-1");
  ASSERT_TRUE(house_->bus.drain());
  heard_.clear();
  link(true);
  link();
  ASSERT_TRUE(house_->bus.drain());
  EXPECT_EQ(person("ncovi", "D-1"), before);
  EXPECT_TRUE(heard_.empty());
}

TEST_P(IdentityTest, new_records_join_the_persons_that_are_there) {
  auto records = town();
  const auto late = records[6];
  records.erase(records.begin() + 6);
  save(records);
  link();
  const auto before = person("residents", "079190000013");
  save({late});
  EXPECT_EQ(person("ncovi", "D-2"), "");
  const auto run = link();
  EXPECT_EQ(run.records, 8);
  EXPECT_EQ(person("ncovi", "D-2"), before);
  EXPECT_EQ(person("residents", "079190000013"), before);
  EXPECT_EQ(summary(before).records, 3);
}

TEST_P(IdentityTest, a_corrected_record_moves_to_whom_it_names) {
  save(town());
  link();
  auto corrected = declared("D-2", "Phạm Quốc Huy", "1988-09-10", "Nam", "0938000204", 20, true, "079088000014");
  save({corrected});
  link();
  EXPECT_EQ(person("ncovi", "D-2"), person("residents", "079088000014"));
  EXPECT_EQ(summary(person("residents", "079190000013")).records, 2);
}

TEST_P(IdentityTest, an_app_user_is_the_one_person_who_owns_the_phone) {
  auto records = town();
  records.push_back(app_user("0938000203", 1));   // the daughter's; the father's declaration by it was on his behalf
  records.push_back(app_user("0938000277", 2));   // nobody's yet
  save(records);
  link();
  EXPECT_EQ(person("bluezone-users", "0938000203"), person("residents", "079190000013"));
  const auto alone = person("bluezone-users", "0938000277");
  ASSERT_FALSE(alone.empty());
  EXPECT_EQ(summary(alone).full_name.reveal(), "");
  EXPECT_EQ(meant("phone:0938000277", 15), alone);

  // Somebody declares it as their own: the app user was that person all along.
  save({declared("D-7", "Huỳnh Gia Khánh", "1999-11-12", "Nam", "0938000277", 9, true, "079099000015")});
  link();
  EXPECT_EQ(person("bluezone-users", "0938000277"), person("residents", "079099000015"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_person WHERE full_name = ''"), 0);

  // A second owner makes it ambiguous: it stands alone again, and names speak before it.
  save({declared("D-8", "Lê Thị Cúc", "1962-05-06", "Nữ", "0938000277", 15, true, "079160000012")});
  link();
  EXPECT_NE(person("bluezone-users", "0938000277"), person("residents", "079099000015"));
  EXPECT_EQ(meant("phone:0938000277", 10), person("residents", "079099000015"));
  EXPECT_EQ(meant("phone:0938000277", 16), person("residents", "079160000012"));
}

TEST_P(IdentityTest, an_app_user_is_who_carries_the_phone_when_nobody_calls_it_own) {
  auto records = town();
  // A vaccinated mother, her child vaccinated with her phone, and a couple who gave the same one.
  records.push_back(declared("D-11", "Lê Thị Cúc", "1962-05-06", "Nữ", "0938000301", 3, false, "079160000012"));
  records.push_back(declared("D-12", "Trần Gia Bảo", "2014-02-03", "Nam", "0938000301", 4, false));
  records.push_back(declared("D-13", "Phạm Quốc Huy", "1988-09-10", "Nam", "0938000302", 3, false, "079088000014"));
  records.push_back(declared("D-14", "Huỳnh Gia Khánh", "1999-11-12", "Nam", "0938000302", 4, false, "079099000015"));
  for (auto& r : records)
    if (r.source == "residents") r.phone.clear(), r.phone_is_own = false;
  records.push_back(app_user("0938000301", 1));
  records.push_back(app_user("0938000302", 1));
  save(records);
  link();
  const std::string mother = person("residents", "079160000012");
  EXPECT_EQ(person("ncovi", "D-11"), mother);
  EXPECT_EQ(person("bluezone-users", "0938000301"), mother);
  EXPECT_EQ(meant("phone:0938000301", 15), mother);
  const std::string either = person("bluezone-users", "0938000302");
  EXPECT_NE(either, person("ncovi", "D-13"));
  EXPECT_NE(either, person("ncovi", "D-14"));

  auto view = door().view_person(reviewer(), mother);
  ASSERT_TRUE(view);
  for (const auto& r : view->records) {
    if (r.source != "bluezone-users") continue;
    EXPECT_EQ(r.decided_by, "rule");
    EXPECT_EQ(r.partner, door().subject_of("ncovi", "D-11"));
    ASSERT_TRUE(r.why);
    EXPECT_NEAR(r.why->probability, r.probability, 1e-4);
    for (const auto& bar : r.why->bars) EXPECT_TRUE(bar.level.starts_with("phone_owner.")) << bar.level;
  }
}

TEST_P(IdentityTest, references_mean_persons_in_time) {
  save(town());
  link();
  EXPECT_EQ(meant("phone:0938000203", 5), person("residents", "079190000013"));
  EXPECT_EQ(meant("id:79060000011", 5), person("residents", "079060000011"));
  EXPECT_EQ(meant("record:ncovi:D-3", 5), person("residents", "079060000011"));
  EXPECT_EQ(meant("record:ncovi:none", 5), "");
  EXPECT_EQ(meant("phone:0938000999", 5), "");
  const std::vector<std::string> ids{person("residents", "079190000013")};
  auto spans = database().read_value([&](storage::Reader& r) { return door().references_of(r, ids); });
  ASSERT_TRUE(spans);
  std::set<std::string> references;
  for (const auto& s : *spans) references.insert(s.reference);
  EXPECT_EQ(references, (std::set<std::string>{"id:079190000013", "phone:+84938000203", "record:ncovi:D-1", "record:ncovi:D-2",
                                               "record:residents:079190000013"}));
}

TEST_P(IdentityTest, merge_survives_the_machine_and_can_be_undone) {
  save(town());
  link();
  const auto a = person("residents", "079060000011"), b = person("residents", "079088000014");
  auto merged = door().merge(reviewer(), b, a);
  ASSERT_TRUE(merged) << merged.failure().code << merged.failure().detail;
  EXPECT_EQ(person("residents", "079088000014"), a);  // two records against one: the father's id stays
  EXPECT_EQ(summary(a).records, 3);
  link(true);
  EXPECT_EQ(person("residents", "079088000014"), person("residents", "079060000011"));
  EXPECT_EQ(door().merge(reviewer(), a, a).failure().code, "identity.already_merged");
  EXPECT_EQ(door().merge(reviewer(), a, b).failure().code, "identity.no_such_person");

  ASSERT_TRUE(door().undo(reviewer(), merged->event_id));
  EXPECT_EQ(person("residents", "079088000014"), b);
  EXPECT_EQ(summary(b).full_name.reveal(), "Phạm Quốc Huy");
  EXPECT_EQ(door().undo(reviewer(), merged->event_id).failure().code, "identity.already_undone");
  link(true);
  EXPECT_NE(person("residents", "079088000014"), person("residents", "079060000011"));
}

TEST_P(IdentityTest, split_survives_the_machine_and_can_be_undone) {
  save(town());
  link();
  const auto whole = person("residents", "079190000013");
  const std::vector<std::string> out{door().subject_of("ncovi", "D-2")};
  auto split = door().split(reviewer(), whole, out);
  ASSERT_TRUE(split) << split.failure().code << split.failure().detail;
  const auto apart = person("ncovi", "D-2");
  EXPECT_NE(apart, whole);
  link(true);
  EXPECT_EQ(person("ncovi", "D-2"), apart);
  EXPECT_EQ(person("residents", "079190000013"), whole);
  EXPECT_EQ(door().split(reviewer(), whole, out).failure().code, "identity.nothing_to_split");
  EXPECT_EQ(door().split(reviewer(), apart, out).failure().code, "identity.nothing_to_split");

  auto view = door().view_person(reviewer(), whole);
  ASSERT_TRUE(view);
  ASSERT_EQ(view->history.size(), 1u);
  EXPECT_EQ(view->history[0].kind, ChangeKind::split);
  ASSERT_TRUE(door().undo(reviewer(), split->event_id));
  EXPECT_EQ(person("ncovi", "D-2"), whole);
  EXPECT_EQ(count("SELECT COUNT(*) FROM identity_person"), 5);
}

TEST_P(IdentityTest, merging_what_was_split_retires_the_split) {
  save(town());
  link();
  const auto whole = person("residents", "079190000013");
  const std::vector<std::string> out{door().subject_of("ncovi", "D-2")};
  ASSERT_TRUE(door().split(reviewer(), whole, out));
  ASSERT_TRUE(door().merge(reviewer(), whole, person("ncovi", "D-2")));
  link(true);
  EXPECT_EQ(person("ncovi", "D-2"), whole);
}

TEST_P(IdentityTest, person_page_has_sources_and_reasons) {
  save(town());
  link();
  auto view = door().view_person(reviewer(), person("ncovi", "D-1"));
  ASSERT_TRUE(view);
  ASSERT_EQ(view->records.size(), 3u);
  EXPECT_EQ(view->records[0].source, "residents");
  EXPECT_EQ(view->records[1].record_id, "D-1");
  for (const auto& r : view->records) {
    ASSERT_TRUE(r.why) << r.source;
    EXPECT_GT(r.why->probability, 0.9);
    double sum = r.why->prior_bits;
    for (const auto& bar : r.why->bars) sum += bar.bits;
    EXPECT_NEAR(sum, r.why->bits, 0.01);
  }
  EXPECT_EQ(door().view_person(reviewer({"99999"}), view->summary.person_id).failure().code, "identity.no_such_person");
  EXPECT_TRUE(door().view_person(reviewer({"26740"}), view->summary.person_id));
  EXPECT_EQ(door().view_person(reviewer({}), view->summary.person_id).failure().code, "identity.no_such_person");
  EXPECT_EQ(door().view_person(reviewer(), "per_00000000000000000000000000").failure().code, "identity.no_such_person");
}

TEST_P(IdentityTest, finds_who_it_is) {
  save(town());
  link();
  const auto first = [&](Identity::Query q) {
    auto found = door().find_person(tests::test_act("identity.find"), q, 5);
    EXPECT_TRUE(found) << (found ? "" : found.failure().code);
    return found && !found->empty() ? (*found)[0].person.person_id : std::string();
  };
  EXPECT_EQ(first({.phone = "0938000203"}), person("residents", "079190000013"));
  EXPECT_EQ(first({.id_number = "79060000011"}), person("residents", "079060000011"));
  EXPECT_EQ(first({.full_name = "pham quoc huy", .birth = "1988"}), person("residents", "079088000014"));
  EXPECT_EQ(first({.phone = "0938000999"}), "");
  EXPECT_EQ(door().find_person(tests::test_act(), {}, 5).failure().code, "identity.nothing_asked");
  EXPECT_EQ(door().find_person(tests::test_act(), {.phone = "12"}, 5).failure().field, "phone");
}

TEST_P(IdentityTest, doubtful_pairs_are_decided_by_people) {
  auto a = declared("D-20", "Đoàn Thanh Lam", "1975", "Nữ", "0938000220", 3, true), b = declared("D-21", "Đinh Thành Lâm", "1957", "Nam", "0938000221", 4, true);
  a.ward_code = b.ward_code = "26740";
  save(town());
  save({a, b});
  link();
  ASSERT_NE(person("ncovi", "D-20"), person("ncovi", "D-21"));
  const store::Task doubtful{crypto::random_id("rev"), door().subject_of("ncovi", "D-20"), door().subject_of("ncovi", "D-21"), "26740", {}, {}, 0.7, 1.2,
                             ReviewState::open, july(31), {}};
  ASSERT_TRUE(database().write(tests::test_act(), [&](storage::Transaction& tx) { return store::put_task(tx, doubtful); }));
  ReviewFilter all;
  auto page = door().list_review(reviewer(), all);
  ASSERT_TRUE(page) << page.failure().code;
  const auto found = std::find_if(page->tasks.begin(), page->tasks.end(), [](const ReviewTask& t) { return t.masked_a == "Đ*** T**** L**, 19**"; });
  ASSERT_NE(found, page->tasks.end()) << page->total << " tasks";
  const std::string task = found->task_id;
  EXPECT_EQ(door().list_review(reviewer({"99999"}), all)->total, 0);
  EXPECT_EQ(door().list_review(reviewer({"26740"}), all)->total, page->total);
  EXPECT_EQ(door().open_review(reviewer({"99999"}), task).failure().code, "identity.no_such_task");

  auto pair = door().open_review(reviewer(), task);
  ASSERT_TRUE(pair) << pair.failure().code;
  EXPECT_EQ(pair->a.full_name.reveal(), "Đoàn Thanh Lam");
  EXPECT_FALSE(pair->why.bars.empty());

  auto rejected = door().decide_review(reviewer(), task, false);
  ASSERT_TRUE(rejected) << rejected.failure().code << rejected.failure().detail;
  EXPECT_EQ(door().decide_review(reviewer(), task, true).failure().code, "identity.already_decided");
  link(true);
  EXPECT_NE(person("ncovi", "D-20"), person("ncovi", "D-21"));
  EXPECT_EQ(door().list_review(reviewer(), {.state = ReviewState::rejected})->total, 1);

  ASSERT_TRUE(door().undo(reviewer(), rejected->event_id));
  auto accepted = door().decide_review(reviewer(), task, true);
  ASSERT_TRUE(accepted) << accepted.failure().code;
  EXPECT_EQ(person("ncovi", "D-20"), person("ncovi", "D-21"));
  link(true);
  EXPECT_EQ(person("ncovi", "D-20"), person("ncovi", "D-21"));
  auto view = door().view_person(reviewer(), person("ncovi", "D-20"));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->records[0].decided_by, "acc_reviewer");
  EXPECT_EQ(view->history.size(), 2u);
}

TEST_P(IdentityTest, every_look_and_decision_is_on_record) {
  class Sink final : public storage::AuditSink {
   public:
    Result<void> append(storage::Transaction&, std::span<const Entry> entries) override {
      for (const auto& e : entries) seen.push_back(std::string(e.act->actor) + " " + (e.note ? e.note->subject + (e.note->read ? " read" : " changed") : "-"));
      return {};
    }
    std::vector<std::string> seen;
  };
  save(town());
  link();
  auto sink = std::make_shared<Sink>();
  database().set_audit_sink(sink);
  const auto a = person("residents", "079060000011"), b = person("residents", "079088000014");
  ASSERT_TRUE(door().view_person(reviewer(), a));
  EXPECT_EQ(sink->seen, std::vector<std::string>{"acc_reviewer " + a + " read"});
  sink->seen.clear();
  ASSERT_TRUE(door().merge(reviewer(), a, b));
  std::sort(sink->seen.begin(), sink->seen.end());
  std::vector<std::string> expected{"acc_reviewer " + a + " changed", "acc_reviewer " + b + " changed"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sink->seen, expected);
}

TEST_P(IdentityTest, export_is_sorted_and_whole) {
  save(town());
  link();
  const auto file = dir().file("links.csv");
  auto rows = door().export_links(tests::test_act("identity.export"), file);
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows, 8);
  std::ifstream in(file);
  std::string header, line;
  std::getline(in, header);
  EXPECT_EQ(header, "source,record_id,person_id,probability,decided_by");
  std::vector<std::string> lines;
  while (std::getline(in, line)) lines.push_back(line);
  EXPECT_EQ(lines.size(), 8u);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
  EXPECT_EQ(lines[0].substr(0, 10), "ncovi,D-1,");
  EXPECT_TRUE(lines[0].ends_with(",auto"));
}

}  // namespace
}  // namespace motcua::identity
