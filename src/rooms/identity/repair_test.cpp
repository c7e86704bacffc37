// A dose file against what is known, on both databases.
#include "rooms/identity/repair.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "rooms/identity/repair_desk.hpp"
#include "rooms/identity/repair_report.hpp"
#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

constexpr const char* header = "dose_id,full_name,birth_date,sex,phone,id_number,vaccine,injected_at\n";

class RepairTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().file("home"));
    auto an = told("residents", "079085000123", "Nguyễn Văn An", "1985-03-12", "Nam", "0938000204", "079085000123");
    an.old_id_number = "021234567";
    auto bich = told("residents", "079185000456", "Trần Thị Bích", "1985-07-01", "Nữ", "0977000111", "079185000456");
    an.phone_is_own = bich.phone_is_own = true;
    save({an, bich, told("vhd", "v1", "Lê Quốc Cường", "1990-05-20", "Nam", "0912000333", "")});
    ASSERT_TRUE(house_->door().link(tests::test_act("identity.link"), {.full = true}));
  }
  void TearDown() override {
    house_.reset();
    DatabaseTest::TearDown();
  }

  void save(const std::vector<SourceRecord>& records) {
    std::vector<std::shared_ptr<const PreparedRecord>> prepared;
    std::vector<intake::Warning> warnings;
    for (const auto& r : records) prepared.push_back(*house_->door().prepare(r, warnings));
    ASSERT_TRUE(database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return house_->door().save(tx, prepared); }));
  }

  /// "1 repaired phone birth_date?; 2 left nobody": each row with its wrong fields.
  std::string repair(const std::string& rows, bool apply = false) {
    std::ostringstream out;
    auto done = house_->door().repair_doses(tests::test_act("identity.repair_doses"), *intake::text_source(header + rows), {.apply = apply, .repair_id = "rep_1"},
                                            [&](const RepairRow& row) {
      out << (out.tellp() > 0 ? "; " : "") << row.row << " " << to_text(row.outcome) << (row.reason.empty() ? "" : " ") << row.reason;
      for (std::size_t f = 0; f < repair_fields; ++f)
        if (!row.words[f].should_say.reveal().empty()) out << " " << to_text(RepairField(f)) << "=" << row.words[f].should_say.reveal();
    });
    EXPECT_TRUE(done) << (done ? "" : done.failure().code + " " + done.failure().detail);
    if (done) summary_ = *done;
    return out.str();
  }
  std::int64_t count(const std::string& table) {
    return *database().read_value([&](storage::Reader& r) -> Result<std::int64_t> {
      TRY_ASSIGN(const auto n, r.find("SELECT count(*) FROM " + table, {}, [](const storage::Row& row) { return row.integer(0); }));
      return *n;
    });
  }

  std::unique_ptr<TestHouse> house_;
  RepairSummary summary_;
};

constexpr const char* rows =
    "D1,Nguyễn Văn An,12/03/1985,Nam,0938000204,079085000123,Pfizer,2021-08-01\n"        // right
    "D2,NGUYEN VAN AN,03/12/1985,Nam,0938000204,021234567,Pfizer,2021-09-01\n"            // day and month; the old card
    "D3,Trần Thị Bích,01/07/1985,Nữ,0938000204,079185000456,Pfizer,2021-08-01\n"         // another's phone
    "D4,Phạm Hoàng Long,09/09/1970,Nam,0909000555,048070000999,Pfizer,2021-08-01\n"       // nobody
    ",Nguyễn Văn An,12/03/1985,Nam,,,Pfizer,2021-08-01\n"                                 // no number
    "D1,Nguyễn Văn An,12/03/1985,Nam,,,Pfizer,2021-08-01\n";                              // the number again
constexpr const char* judged =
    "1 right; 2 repaired birth_date=1985-03-12 id_number=079085000123; 3 repaired phone=+84977000111; 4 left nobody; 5 left unreadable; 6 left id_twice";

TEST_P(RepairTest, everyRowOnceAndNothingChanged) {
  const auto records = count("identity_record"), links = count("identity_link");
  EXPECT_EQ(repair(rows), judged);
  EXPECT_EQ(summary_.read, 6);
  EXPECT_EQ(summary_.read, summary_.right + summary_.repaired + summary_.review + summary_.left);
  EXPECT_EQ(summary_.corrections, 3);
  EXPECT_EQ(count("identity_record"), records);
  EXPECT_EQ(count("identity_link"), links);
  EXPECT_EQ(count("identity_correction"), 0);
}

TEST_P(RepairTest, appliedTwiceIsAppliedOnce) {
  EXPECT_EQ(repair(rows, true), judged);
  EXPECT_EQ(summary_.recorded, 3);
  EXPECT_EQ(count("identity_correction"), 3);
  EXPECT_EQ(count("identity_record"), 3 + 4);
  EXPECT_EQ(repair(rows, true), judged);
  EXPECT_EQ(summary_.recorded, 0);
  EXPECT_EQ(repair(rows), judged);
  // The record itself stays as it was told; what it should say stands beside it.
  const std::vector<std::string> subject{house_->door().subject_of("doses", "D2")};
  const auto stored = database().read_value([&](storage::Reader& r) { return store::records_by_subject(r, subject); });
  ASSERT_TRUE(stored && stored->size() == 1);
  EXPECT_EQ(stored->front().record.birth, "1985-12-03");
  const auto corrections = database().read_value([&](storage::Reader& r) { return store::corrections_of(r, subject); });
  ASSERT_TRUE(corrections && corrections->size() == 2);
  EXPECT_EQ(corrections->front().says, "03/12/1985");
  EXPECT_EQ(corrections->front().should_say, "1985-03-12");
  EXPECT_EQ(corrections->front().source, "residents:079085000123");
  // A better file takes back what was wrong only in the first one.
  EXPECT_EQ(repair("D2,Nguyễn Văn An,12/03/1985,Nam,0938000204,079085000123,Pfizer,2021-09-01\n", true), "1 right");
  EXPECT_EQ(count("identity_correction"), 1);
}

TEST_P(RepairTest, whatAPersonSetApartStaysApart) {
  repair(rows, true);
  const Viewer viewer{tests::test_act("identity.split"), {""}};
  const std::vector<std::string> subject{house_->door().subject_of("doses", "D3")};
  const auto person = database().read_value([&](storage::Reader& r) { return house_->door().persons_of(r, subject); });
  ASSERT_TRUE(person);
  ASSERT_TRUE(house_->door().split(viewer, person->at(subject[0]), subject));
  EXPECT_NE(repair(rows).find("3 left nobody"), std::string::npos) << repair(rows);
}

TEST_P(RepairTest, aLoneSourceOnlyProposes) {
  EXPECT_EQ(repair("D9,Lê Quốc Cường,20/05/1991,Nam,0912000333,,Pfizer,2021-08-01\n"), "1 review which birth_date=1990-05-20");
}

TEST_P(RepairTest, aPersonsWordOnAProposalStays) {
  const std::string lone = "D9,Lê Quốc Cường,20/05/1991,Nam,0912000333,,Pfizer,2021-08-01\n";
  repair(lone, true);
  const std::vector<std::string> subject{house_->door().subject_of("doses", "D9")};
  const auto persons = database().read_value([&](storage::Reader& r) { return house_->door().persons_of(r, subject); });
  ASSERT_TRUE(persons && persons->contains(subject[0]));
  const std::string person = persons->at(subject[0]);
  const Viewer viewer{tests::test_act("identity.decide_correction"), {""}}, elsewhere{tests::test_act("identity.decide_correction"), {"01"}};
  const auto proposed = [&] {
    const auto view = house_->door().view_person(viewer, person);
    std::string out;
    for (const auto& record : view->records)
      for (const auto& c : record.corrections) out += c.field + (c.proposed ? "?" : "");
    return out;
  };
  const auto decide = [&](const Viewer& who, bool source_is_right) {
    const auto done = decide_correction(house_->house, house_->door(), who, person, subject[0], "birth_date", source_is_right);
    return done ? std::string("done") : done.failure().code;
  };
  EXPECT_EQ(proposed(), "birth_date?");
  EXPECT_EQ(decide(elsewhere, true), "identity.no_such_person");
  EXPECT_EQ(decide(viewer, false), "done");
  EXPECT_EQ(decide(viewer, true), "identity.already_decided");
  EXPECT_EQ(proposed(), "");
  repair(lone, true);   // again does not ask again
  EXPECT_EQ(summary_.recorded, 0);
  EXPECT_EQ(proposed(), "");
}

TEST_P(RepairTest, theReportHoldsEveryRowAndNoFormula) {
  const std::string file = dir().file("report.csv");
  RepairReport report(file, house_->texts, "en");
  auto done = house_->door().repair_doses(tests::test_act("identity.repair_doses"),
                                          *intake::text_source(std::string(header) + "=D1,Nguyễn Văn Am,12/03/1985,Nam,0938000204,,Pfizer,2021-08-01\nD2,,,,,,,\n"), {},
                                          [&](const RepairRow& row) { report.add(row); });
  ASSERT_TRUE(done);
  ASSERT_TRUE(report.finish());
  std::ifstream in(file);
  std::string head, first, second, more;
  std::getline(in, head), std::getline(in, first), std::getline(in, second);
  EXPECT_EQ(head, "row,dose_id,outcome,reason,person_id,probability,wrong,full_name,full_name_should_say,full_name_source,birth_date,birth_date_should_say,"
                  "birth_date_source,phone,phone_should_say,phone_source,id_number,id_number_should_say,id_number_source");
  EXPECT_EQ(first.substr(0, 15), "1,'=D1,repaired");
  EXPECT_NE(first.find("full_name,Nguyễn Văn Am,Nguyễn Văn An,residents:079085000123,12/03/1985,,,0938000204"), std::string::npos) << first;
  EXPECT_EQ(second.substr(0, 10), "2,D2,left,");
  EXPECT_FALSE(std::getline(in, more));
}

TEST_P(RepairTest, aFileThatIsNoneChangesNothing) {
  auto done = house_->door().repair_doses(tests::test_act(), *intake::text_source("dose_id,full_name\nD1,\"An\n"), {.apply = true}, [](const RepairRow&) { FAIL(); });
  ASSERT_FALSE(done);
  EXPECT_EQ(count("identity_record"), 3);
}

INSTANTIATE_TEST_SUITE_P(Engines, RepairTest, tests::both_engines(), tests::engine_name);

}  // namespace
}  // namespace motcua::identity
