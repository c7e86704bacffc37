// A resident declares, on both databases.
#include "rooms/declarations/declaring.hpp"

#include <regex>

#include "base/ids.hpp"
#include "rooms/declarations/test_house.hpp"

namespace motcua::declarations {
namespace {

using tests::ok;

class DeclaringTest : public DeclaringHouse {
 protected:
  void SetUp() override {
    DeclaringHouse::SetUp();
    know_some_wards();
    an_ = sign_in("0938000204");
    lan_ = ok(residents_->door().add_person(origin_, an_, {{.full_name = "Lê Thị Lan", .birth = "1990-03-27", .sex = "female", .address = "12 Lê Lợi"}, residents::Relation::self}));
  }
  http::Resident sign_in(const std::string& phone) {
    const auto arrived = ok(residents_->door().arrive(origin_, phone));
    std::smatch digits;
    const std::string message = home_->fetch_messages().at(0);
    EXPECT_TRUE(std::regex_search(message, digits, std::regex("(^|[^0-9])([0-9]{6})([^0-9]|$)", std::regex::multiline)));
    http::Request request;
    request.cookies["motcua-resident"] = ok(residents_->door().enter(origin_, arrived.token.reveal(), digits[2].str(), false)).token.reveal();
    ok(residents_->door().identify()(request, nullptr));
    return request.resident.value();
  }
  Act teller() const { return residents::act_of(an_, "declarations.declare", "req_test"); }
  const Form& health() { return *ok(declaring_->form_today("health")); }
  static FormAnswers well() {
    return {{"symptoms", {"none"}}, {"travelled", {"no"}}, {"contact_with_case", {"no"}}, {"from_affected_area", {"no"}}, {"contact_with_symptomatic", {"no"}}};
  }
  const Form& domestic() { return *ok(declaring_->form_today("domestic")); }
  const Form& entry() { return *ok(declaring_->form_today("entry")); }
  static FormAnswers ride() {
    return {{"vehicle", {"coach"}}, {"vehicle_code", {"50h-123.45"}}, {"seat", {"12"}}, {"start_at", {"31/7/2021 7:30"}}, {"start_ward", {"P.17, Q. Gò Vấp, TP.HCM"}},
            {"stop_name.1", {"Chợ Bến Thành"}}, {"stop_ward.1", {"26740"}}, {"symptoms", {"none"}}, {"contact_with_case", {"no"}}, {"contact_with_symptomatic", {"no"}}};
  }
  void know_some_wards() {
    ok(database().write(tests::test_act(), [](storage::Transaction& tx) -> Result<void> {
      for (const auto& [code, name, level, parent] : {std::tuple{"79", "Thành phố Hồ Chí Minh", "province", ""}, std::tuple{"764", "Quận Gò Vấp", "district", "79"}, std::tuple{"760", "Quận 1", "district", "79"},
                                                     std::tuple{"26881", "Phường 17", "ward", "764"}, std::tuple{"26896", "Phường 1", "ward", "764"}, std::tuple{"26740", "Phường Bến Nghé", "ward", "760"},
                                                     std::tuple{"770", "Quận 3", "district", "79"}, std::tuple{"27160", "Phường 1", "ward", "770"}})
        TRY(tx.execute("INSERT INTO units_version (code, valid_from, valid_to, name, level, parent_code) VALUES ($1, '', '', $2, $3, $4)", {code, name, level, parent}));
      return {};
    }));
    ok(home_->units.refresh());
  }
  /// The register knows Lê Thị Lan by the number and the phone she tells, or (not the same) by another birth date.
  void prove_lan(bool same = true) {
    residents::Details d = lan_.details.reveal();
    d.id_number = "079190000001";
    lan_ = ok(residents_->door().change_details(origin_, an_, lan_.handle, d));
    import_csv(identity_->kinds(), "residents", "id_number,full_name,birth_date,sex,phone,address\n079190000001,Lê Thị Lan," + std::string(same ? "1990-03-27" : "1990-03-28") + ",Nữ,0938000204,12 Lê Lợi\n");
    ok(identity_->door().link(tests::test_act("identity.link"), {}));
    lan_ = ok(residents_->door().get_person(an_, lan_.handle));
  }
  void declare_elsewhere(const std::string& kind, const std::string& id, const std::string& day, const std::string& symptoms, const std::string& no, const std::string& columns) {
    import_csv(room_->kinds(), kind, columns + "\n" + id + "," + day + " 10:00,Lê Thị Lan,1990-03-27,079190000001,0938000204," + symptoms + "," + no + "," + no + "," + no + (kind == "vhd" ? ",HDHealth,0" : "") + "\n");
    ok(identity_->door().link(tests::test_act("identity.link"), {}));
  }
  void import_csv(std::vector<intake::Kind> kinds, const std::string& kind, const std::string& csv) {
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const intake::Kind& k) { return k.name == kind; });
    intake::ImportOptions options;
    options.source = kind, options.now = [this] { return home_->now; };
    const auto summary = ok(intake::import_source(database(), tests::test_act("import"), *found, options, *intake::text_source(csv), dir().str()));
    ASSERT_EQ(summary.rejected, 0) << csv;
  }
  ToldDeclaration declare(FormAnswers answers) { return ok(declaring_->submit(teller(), lan_, health(), {crypto::random_id("dec"), std::move(answers), {}})); }
  std::vector<DeclarationSummary> summaries() {
    const std::string subjects[] = {lan_.subject};
    return ok(database().read_value([&](storage::Reader& r) { return room_->door().of_subjects(r, subjects, 100); }));
  }

  residents::Origin origin_{"10.0.0.1", "req_test", "Phone", "vi"};
  http::Resident an_;
  residents::Person lan_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeclaringTest, tests::both_engines(), tests::engine_name);

TEST_P(DeclaringTest, ADeclarationIsDurableWithItsPass) {
  auto answers = well();
  answers["symptoms"] = {"fever", "cough"}, answers["places"] = {"not asked"};
  const auto told = declare(answers);
  EXPECT_FALSE(told.answers.contains("places"));
  EXPECT_EQ(told.expires_at - told.declared_at, std::chrono::hours(72));
  const auto pass = ok(declaring_->pass_of(lan_));
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->pass_id, told.pass_id);
  EXPECT_EQ(pass->pass.state, PassState::red);
  EXPECT_EQ(fits_check(pass->pass, "ltl", 1990), true);
  ASSERT_EQ(summaries().size(), 1U);
  EXPECT_EQ(summaries()[0].source, residents::source_name);
  EXPECT_EQ(summaries()[0].symptoms, (std::vector<std::string>{"fever", "cough"}));
  EXPECT_EQ(ok(declaring_->get(lan_, told.declaration)).answers, told.answers);
  home_->now += std::chrono::hours(72);
  EXPECT_FALSE(ok(declaring_->pass_of(lan_)));
}

TEST_P(DeclaringTest, TheSameNumberIsTheSameDeclaration) {
  const Draft draft{crypto::random_id("dec"), well(), {}};
  const auto first = ok(declaring_->submit(teller(), lan_, health(), draft));
  home_->now += std::chrono::minutes(1);
  const auto again = ok(declaring_->submit(teller(), lan_, health(), draft));
  EXPECT_EQ(again.declared_at, first.declared_at);
  EXPECT_EQ(again.pass_id, first.pass_id);
  EXPECT_EQ(summaries().size(), 1U);
  declare(well());
  EXPECT_EQ(summaries().size(), 2U) << "another number is another one, of the same person";
}

TEST_P(DeclaringTest, WhatIsWrongChangesNothing) {
  auto answers = well();
  answers.erase("contact_with_case");
  EXPECT_EQ(declaring_->submit(teller(), lan_, health(), {crypto::random_id("dec"), answers, {}}).failure().field, "contact_with_case");
  EXPECT_EQ(declaring_->submit(teller(), lan_, health(), {"1; DROP TABLE", well(), {}}).failure().code, "declarations.number_unreadable");
  EXPECT_TRUE(summaries().empty());
  EXPECT_FALSE(ok(declaring_->pass_of(lan_)));
}

TEST_P(DeclaringTest, LastTimesAnswersAreFilledIn) {
  const auto begun = ok(declaring_->open(lan_, health()));
  EXPECT_TRUE(begun.answers.empty());
  EXPECT_FALSE(begun.from);
  const auto told = declare(well());
  home_->now += std::chrono::hours(24);
  const auto next = ok(declaring_->open(lan_, health()));
  EXPECT_EQ(next.answers, well());
  EXPECT_EQ(next.from, told.declared_at);
  EXPECT_NE(next.declaration, told.declaration);
  EXPECT_FALSE(first_open_step(health(), next.answers)) << "one page, one button";
}

TEST_P(DeclaringTest, ADraftStaysUntilItIsSentOrOld) {
  const Draft draft{crypto::random_id("dec"), {{"symptoms", {"cough"}}}, {}};
  ok(declaring_->save_draft(teller(), lan_, health(), draft));
  EXPECT_EQ(ok(declaring_->open(lan_, health())).declaration, draft.declaration);
  EXPECT_EQ(ok(declaring_->open(lan_, health())).answers, draft.answers);
  declare(well());
  EXPECT_EQ(ok(declaring_->open(lan_, health())).answers, well());
  ok(declaring_->save_draft(teller(), lan_, health(), draft));
  home_->now += draft_kept + std::chrono::hours(1);
  const auto purged = ok(room_->purge(tests::test_act("purge"), home_->now, false));
  EXPECT_EQ(purged[5].rows, 1);
  EXPECT_NE(ok(declaring_->open(lan_, health())).declaration, draft.declaration);
}

TEST_P(DeclaringTest, AMemberOfStaffDeclaresInATransactionOfTheirOwn) {
  Draft draft{crypto::random_id("dec"), well()};
  draft.told_at = home_->now - std::chrono::hours(1);
  const Act staff{"acc_gate", "gate_staff", "declaring", "declarations.declare", "req_test"};
  const auto told = ok(database().write_value(staff, [&](storage::Transaction& tx) { return declaring_->submit_in(tx, lan_, health(), draft); }));
  EXPECT_EQ(told.declared_at, home_->now - std::chrono::hours(1));
  EXPECT_EQ(told.expires_at - told.declared_at, std::chrono::hours(72));
  const auto pass = ok(declaring_->pass_of(lan_));
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->pass.issued_at, told.declared_at);
}

TEST_P(DeclaringTest, WhatWasToldEarlierTakesNothingFromWhatWasToldLater) {
  declare(well());
  Draft late{crypto::random_id("dec"), well()};
  late.answers["symptoms"] = {"fever"}, late.told_at = home_->now - std::chrono::hours(2);
  ok(declaring_->submit(teller(), lan_, health(), late));
  EXPECT_NE(ok(declaring_->pass_of(lan_)).value().pass.state, PassState::red);
}

TEST_P(DeclaringTest, AnswersGoWithTheDeclaration) {
  const auto told = declare(well());
  home_->now += std::chrono::hours(24 * 60);
  ok(room_->purge(tests::test_act("purge"), home_->now, false));
  EXPECT_TRUE(summaries().empty());
  EXPECT_EQ(declaring_->get(lan_, told.declaration).failure().code, "declarations.no_such_declaration");
}

TEST_P(DeclaringTest, ADraftOfAnOlderFormIsNoDeadEnd) {
  const Draft draft{crypto::random_id("dec"), {{"symptoms", {"none"}}, {"asked no more", {"yes"}}, {"contact_with_case", {"a value of then"}}, {"travelled", {"no"}}}};
  ok(declaring_->save_draft(teller(), lan_, health(), draft));
  const auto opened = ok(declaring_->open(lan_, health()));
  EXPECT_EQ(opened.answers, (FormAnswers{{"symptoms", {"none"}}, {"travelled", {"no"}}}));
  EXPECT_EQ(to_text(*first_open_step(health(), opened.answers)), "case");
}

/// Whom the register, NCOVI and VHD know: nine fields of ten are filled in, each with its source; an answer that says "ill" is asked again.
TEST_P(DeclaringTest, WhoWasSeenBeforeConfirms) {
  prove_lan();
  declare_elsewhere("ncovi", "NC1", "2021-07-10", "ho", "0", "declaration_id,declared_at,full_name,birth_date,id_number,phone,symptoms,contact_case,contact_symptomatic,from_affected_area");
  const auto ill = ok(declaring_->open(lan_, health()));
  EXPECT_FALSE(ill.answers.contains("symptoms")) << "a cough of three weeks ago is asked about again";
  EXPECT_EQ(ill.filled.at("contact_with_case").source, "ncovi");
  declare_elsewhere("vhd", "V1", "2021-07-20", "", "2", "id,createdAt,fullName,birthYear,passport,phone,signals,hasPatient,hasSick,hasFromSickCountry,type,otherUser");
  const auto filled = ok(declaring_->open(lan_, health()));
  const auto known = ok(declaring_->known(lan_));
  EXPECT_TRUE(known.registered);
  int asked = 3, there = 3;             // name, birth and address, as the page shows them
  for (const Step& step : steps_of(health(), filled.answers))
    for (const auto& field : step.page->fields)
      if (is_asked(step, field, filled.answers)) ++asked, there += filled.answers.contains(key_of(field, step.time)) && filled.filled.contains(key_of(field, step.time)) ? 1 : 0;
  EXPECT_GE(there * 10, asked * 9) << there << " of " << asked;
  EXPECT_EQ(filled.filled.at("symptoms").source, "vhd");
  EXPECT_EQ(motcua::to_iso(filled.filled.at("symptoms").at).substr(0, 10), "2021-07-20");
  EXPECT_FALSE(first_open_step(health(), filled.answers)) << "one page, one button";
  EXPECT_TRUE(ok(declaring_->open(lan_, entry())).answers.empty() || ok(declaring_->open(lan_, entry())).filled.at("phone").source == "register");
}

TEST_P(DeclaringTest, NobodyElsesDeclarationIsFilledIn) {
  prove_lan(false);
  declare_elsewhere("vhd", "V1", "2021-07-20", "", "2", "id,createdAt,fullName,birthYear,passport,phone,signals,hasPatient,hasSick,hasFromSickCountry,type,otherUser");
  EXPECT_TRUE(ok(declaring_->open(lan_, health())).answers.empty());
}

TEST_P(DeclaringTest, AnswersAreKeptInOneWay) {
  const auto told = ok(declaring_->submit(teller(), lan_, domestic(), {crypto::random_id("dec"), ride()}));
  EXPECT_EQ(value_of(told.answers, "vehicle_code"), "50H12345");
  EXPECT_EQ(value_of(told.answers, "start_at"), "2021-07-31T07:30");
  EXPECT_EQ(value_of(told.answers, "start_ward"), "26881");
  const struct { const char* key; std::string typed, code; } cases[] = {{"start_at", "31/02/2021", "declarations.date_unreadable"}, {"start_at", "2021-06-01", "declarations.date_outside"},
                                                                      {"start_at", "2021-07-31T25:00", "declarations.time_unreadable"}, {"start_ward", "Phường 1", "declarations.ward_unclear"},
                                                                      {"start_ward", "99999", "declarations.ward_unknown"}, {"start_ward", "Sao Hỏa", "declarations.ward_unknown"},
                                                                      {"vehicle_code", "---", "declarations.code_unreadable"}, {"stop_name.1", std::string("a\0b", 3), "declarations.text_unreadable"},
                                                                      {"stop_name.1", std::string(1 << 20, 'x'), "declarations.answer_too_long"}, {"stop_name.1", "\xff\xfe", "declarations.text_unreadable"},
                                                                      {"seat", "<script>alert(1)</script>", "declarations.answer_too_long"}};
  for (const auto& c : cases) {
    auto answers = ride();
    answers[c.key] = {c.typed};
    const auto failure = declaring_->submit(teller(), lan_, domestic(), {crypto::random_id("dec"), answers}).failure();
    EXPECT_EQ(failure.code, c.code) << c.key << " " << c.typed.substr(0, 20);
    EXPECT_EQ(failure.field, c.key);
  }
}

TEST_P(DeclaringTest, ARideIsAJourneyAndTracingHears) {
  ok(declaring_->submit(teller(), lan_, domestic(), {crypto::random_id("dec"), ride()}));
  const auto journeys = [&] {
    const std::string subjects[] = {lan_.subject};
    return ok(database().read_value([&](storage::Reader& r) { return room_->door().journeys_of(r, subjects, home_->now - std::chrono::days(2), home_->now + std::chrono::days(2)); }));
  };
  ASSERT_EQ(journeys().size(), 2U);
  auto again = ride();
  again["seat"] = {"13"};
  ok(declaring_->submit(teller(), lan_, domestic(), {crypto::random_id("dec"), again}));
  ASSERT_EQ(journeys().size(), 2U) << "the same ride told again";
  for (const auto& j : journeys())
    if (j.kind == "vehicle") EXPECT_EQ(j.place_code + " " + j.seat, "vehicle:50H12345:2021-07-31 13");
  int heard = 0;
  ok(database().read([&](storage::Reader& r) { return r.query("SELECT COUNT(*) FROM events_outbox WHERE name = $1", {journeys_told}, [&](const storage::Row& row) { heard = static_cast<int>(row.integer(0)); }); }));
  EXPECT_EQ(heard, 2);
  declare(well());
  EXPECT_EQ(journeys().size(), 2U);
}

TEST_P(DeclaringTest, WhoSaysWhatIsKnown) {
  const auto known = ok(declaring_->known(lan_));
  EXPECT_FALSE(known.registered);
  EXPECT_EQ(known.at, home_->now);
  EXPECT_EQ(known.details.reveal().address, "12 Lê Lợi");
}

}  // namespace
}  // namespace motcua::declarations
