// Scans given, read, and confirmed by a person, on both databases.
#include "rooms/declarations/paper_desk.hpp"

#include <filesystem>

#include "platform/crypto/sealed_file.hpp"
#include "rooms/declarations/paper_sealed.hpp"
#include "rooms/declarations/test_house.hpp"

namespace motcua::declarations {
namespace {

using tests::ok;

std::string to_iso_date(Instant at) {
  const Date d = vietnam_date(at);
  return to_iso(PartialDate{static_cast<int>(d.year()), static_cast<int>(static_cast<unsigned>(d.month())), static_cast<int>(static_cast<unsigned>(d.day()))});
}

class PaperDeskTest : public DeclaringHouse {
 protected:
  void SetUp() override {
    DeclaringHouse::SetUp();
    desk_ = std::make_unique<PaperDesk>(home_->house, residents_->door(), *declaring_, room_->papers());
  }
  static Act act(std::string action) { return {"acc_clerk", "clerk", "declaring", std::move(action), "req_test"}; }

  const PaperForms::Known& health() { return *room_->papers().forms().find_on(FormKind::health, vietnam_date(home_->house.now()), "vi"); }
  /// A typed form of somebody who is well.
  documents::PaperFill filled(const std::string& name = "TRẦN VĂN AN") {
    documents::PaperFill fill{.token = make_paper_token(""), .values = to_paper_values({.full_name = name, .birth = "1954-03-02", .sex = "male", .id_number = "079154000123", .phone = "0938000204"},
      {{"symptoms", {"none"}}, {"travelled", {"no"}}, {"contact_with_case", {"no"}}, {"from_affected_area", {"no"}}, {"contact_with_symptomatic", {"no"}}}), .style = {.size = 14, .family = "DejaVu Sans"}};
    return fill;
  }
  std::string pdf_of(std::vector<documents::PaperFill> fills) { return ok(documents::print_papers(health().paper, fills)); }
  /// Gives bytes as an upload, and reads them.
  std::string give(const std::string& bytes, const std::string& area = "79") {
    home_->now += std::chrono::minutes(1);
    std::filesystem::create_directories(dir().str() + "/uploads");
    const std::string path = dir().str() + "/uploads/upl_test";
    auto file = ok(crypto::SealedFileWriter::create(home_->house.keys, "upload", path));
    ok(file->write(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())));
    ok(file->finish());
    const std::string id = ok(desk_->give(act("declarations.give_scan"), area, path));
    ok(desk_->read_waiting());
    return id;
  }
  std::vector<store::PaperRow> waiting(const std::string& area = "79") { return ok(desk_->list_waiting({area})); }
  OpenPaper open(const std::string& id, const std::string& area = "79") { return ok(desk_->open(act("declarations.view_paper"), {area}, id)); }
  static PaperValues values_of(const OpenPaper& paper) {
    PaperValues values;
    for (const auto& field : paper.fields) values[field.key] = field.value;
    return values;
  }
  std::string confirm(const std::string& id, const PaperValues& values) {
    const auto done = desk_->confirm(act("declarations.confirm_paper"), {"79"}, id, values);
    return done ? "" : done.failure().code + " " + done.failure().field;
  }

  std::unique_ptr<PaperDesk> desk_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PaperDeskTest, tests::both_engines(), tests::engine_name);

TEST_P(PaperDeskTest, NothingEntersBeforeSomebodyConfirmsAndNothingIsKeptAfter) {
  const std::string scan = give(pdf_of({filled()}));
  EXPECT_FALSE(std::filesystem::exists(scan_path(home_->house, scan))) << "a scan goes when it has been read";
  ASSERT_EQ(waiting().size(), 1u);
  EXPECT_EQ(count("declarations_answers"), 0);
  const std::string id = waiting()[0].paper_id;
  const OpenPaper paper = open(id);
  EXPECT_EQ(values_of(paper).at(paper_sex).chosen, std::vector<std::string>{"male"});
  EXPECT_EQ(values_of(paper).at("symptoms").chosen, std::vector<std::string>{"none"});
  EXPECT_EQ(ok(desk_->picture({"79"}, id, 0)).substr(1, 3), "PNG");

  EXPECT_EQ(confirm(id, filled().values), "");
  EXPECT_EQ(count("declarations_answers"), 1);
  EXPECT_EQ(count("declarations_paper_picture"), 0);
  EXPECT_TRUE(waiting().empty());
  EXPECT_TRUE(open(id).fields.empty());
  EXPECT_EQ(confirm(id, {}), "") << "again changes nothing";
  EXPECT_EQ(count("declarations_answers"), 1);
  EXPECT_EQ(desk_->reject(act("declarations.reject_paper"), {"79"}, id, "empty").failure().code, "declarations.paper_decided");
}

TEST_P(PaperDeskTest, WhatTheClerkSaysIsWhatEnters) {
  give(pdf_of({filled("TRAN VAN A")}));
  const std::string id = waiting()[0].paper_id;
  auto values = filled().values;
  values[paper_name].text = "Trần Văn Ân", values["travelled"].chosen = {"yes"}, values["places"].text = "Đà Nẵng", values["contact_with_case"].chosen.clear();
  EXPECT_EQ(confirm(id, values), "declarations.answer_missing contact_with_case");
  values["contact_with_case"].chosen = {"no"}, values[paper_id_number].text = "12";
  EXPECT_NE(confirm(id, values).find(paper_id_number), std::string::npos);
  EXPECT_EQ(count("declarations_answers"), 0);
  EXPECT_EQ(waiting().size(), 1u) << "what was refused still waits";
  values[paper_id_number].text = "079154000123";
  EXPECT_EQ(confirm(id, values), "");
  const auto person = ok(residents_->door().receive(act("declarations.test"), {{.full_name = "Trần Văn Ân", .birth = "1954-03-02", .sex = "male", .id_number = "079154000123"}}));
  const auto told = ok(declaring_->list(person, 5));
  ASSERT_EQ(told.size(), 1u) << "it is hers whoever receives her";
  EXPECT_EQ(told[0].answers.at("places"), std::vector<std::string>{"Đà Nẵng"});
}

TEST_P(PaperDeskTest, TheDayOnThePaperIsWhenItWasTold) {
  const auto day = [&](int days) { return to_iso_date(home_->now + std::chrono::days(days)); };
  give(pdf_of({filled()}));
  const std::string id = waiting()[0].paper_id;
  struct Case { std::string day, failure; };
  for (const auto& c : {Case{day(1), "declarations.paper_from_tomorrow paper.told_on"}, {day(-20), "declarations.paper_too_old paper.told_on"}, {"99999", "declarations.paper_day_unreadable paper.told_on"}, {day(-3), ""}}) {
    auto values = filled().values;
    values[paper_told_on].text = c.day;
    EXPECT_EQ(confirm(id, values), c.failure) << c.day;
  }
}

TEST_P(PaperDeskTest, AClerkSeesThePapersOfHerAreaAlone) {
  give(pdf_of({filled()}));
  const std::string id = waiting()[0].paper_id;
  EXPECT_TRUE(waiting("48").empty());
  EXPECT_TRUE(ok(desk_->list_scans({"48"})).empty());
  EXPECT_EQ(desk_->open(act("declarations.view_paper"), {"48"}, id).failure().code, "declarations.no_such_paper");
  EXPECT_EQ(desk_->picture({"48"}, id, 0).failure().code, "declarations.no_such_paper");
  EXPECT_EQ(desk_->confirm(act("declarations.confirm_paper"), {"48"}, id, {}).failure().code, "declarations.no_such_paper");
  EXPECT_EQ(desk_->reject(act("declarations.reject_paper"), {"48"}, id, "empty").failure().code, "declarations.no_such_paper");
  EXPECT_EQ(waiting("vn").size(), 1u);
}

TEST_P(PaperDeskTest, APaperScannedTwiceOrPhotocopiedSaysSo) {
  const auto one = filled(), other = filled("LÊ VĂN BA");
  give(pdf_of({one, other}));
  ASSERT_EQ(waiting().size(), 2u);
  EXPECT_FALSE(open(waiting()[0].paper_id).number_known);
  give(pdf_of({one}));
  EXPECT_TRUE(open(waiting()[0].paper_id).number_known);
  EXPECT_FALSE(open(waiting()[1].paper_id).number_known);
  give(pdf_of({other, other}));
  EXPECT_TRUE(waiting().back().copied);
}

TEST_P(PaperDeskTest, APaperIsRejectedWithAReason) {
  give(pdf_of({filled()}));
  const std::string id = waiting()[0].paper_id;
  EXPECT_EQ(desk_->reject(act("declarations.reject_paper"), {"79"}, id, "because").failure().code, "declarations.reason_needed");
  ok(desk_->reject(act("declarations.reject_paper"), {"79"}, id, "unreadable"));
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(count("declarations_paper_picture"), 0);
  EXPECT_NE(confirm(id, {}), "");
}

TEST_P(PaperDeskTest, EveryPageIsAccountedFor) {
  documents::Pdf blank(documents::PageSize::a4, {.title = "t"});
  give(ok(blank.finish()));
  give("no picture at all");
  give("%PDF-1.5\nnothing");
  const auto scans = ok(desk_->list_scans({"79"}));
  ASSERT_EQ(scans.size(), 3u);
  int rejected = 0, failed = 0;
  for (const auto& scan : scans) {
    EXPECT_TRUE(scan.row.ended_at);
    EXPECT_EQ(scan.row.pages, scan.row.recognised + static_cast<int>(scan.rejected.size()));
    rejected += static_cast<int>(scan.rejected.size()), failed += !scan.row.failure.empty();
    for (const auto& page : scan.rejected) EXPECT_EQ(page.code, "documents.paper_blank");
  }
  EXPECT_EQ(rejected, 1);
  EXPECT_EQ(failed, 2);
  EXPECT_TRUE(waiting().empty());
}

TEST_P(PaperDeskTest, WhatNobodyDecidesGoesAfterAWeek) {
  give(pdf_of({filled()}));
  const auto purge = [&](int days, bool really) {
    const auto at = home_->house.now() + std::chrono::days(days);
    if (!really) return ok(database().read_value([&](storage::Reader& r) { return desk_->purge(r, nullptr, at); }));
    return ok(database().write_value(act("app.purge"), [&](storage::Transaction& tx) { return desk_->purge(tx, &tx, at); }));
  };
  EXPECT_EQ(purge(6, false), 0);
  EXPECT_EQ(purge(8, false), 1);
  EXPECT_EQ(purge(8, true), 1);
  EXPECT_EQ(count("declarations_paper") + count("declarations_paper_picture") + count("declarations_scan"), 0);
}

}  // namespace
}  // namespace motcua::declarations
