// A resident declares, on both databases.
#include "rooms/declarations/declaring.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "base/ids.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::declarations {
namespace {

using tests::ok;

class DeclaringTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home_ = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    identity_ = identity::make_identity(home_->house);
    residents_ = ok(residents::make_residents(home_->house, identity_->door()));
    room_ = ok(make_declarations(home_->house, identity_->door(), residents_->door()));
    declaring_ = std::make_unique<Declaring>(home_->house, identity_->door(), residents_->door(), room_->passes(), ok(read_forms()));
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
  ToldDeclaration declare(FormAnswers answers) { return ok(declaring_->submit(teller(), lan_, health(), {crypto::random_id("dec"), std::move(answers), {}})); }
  std::vector<DeclarationSummary> summaries() {
    const std::string subjects[] = {lan_.subject};
    return ok(database().read_value([&](storage::Reader& r) { return room_->door().of_subjects(r, subjects, 100); }));
  }

  residents::Origin origin_{"10.0.0.1", "req_test", "Phone", "vi"};
  std::unique_ptr<tests::PlatformHouse> home_;
  std::unique_ptr<identity::IdentityRoom> identity_;
  std::unique_ptr<residents::ResidentsRoom> residents_;
  std::unique_ptr<DeclarationsRoom> room_;
  std::unique_ptr<Declaring> declaring_;
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
  EXPECT_EQ(first_open_page(health(), next.answers), nullptr) << "one page, one button";
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

TEST_P(DeclaringTest, WhoSaysWhatIsKnown) {
  const auto known = ok(declaring_->known(lan_));
  EXPECT_FALSE(known.registered);
  EXPECT_EQ(known.at, home_->now);
  EXPECT_EQ(known.details.reveal().address, "12 Lê Lợi");
}

}  // namespace
}  // namespace motcua::declarations
