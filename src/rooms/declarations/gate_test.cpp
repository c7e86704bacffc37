// Staff at a gate: who is found by what, what is shown, and declaring for somebody, on both databases.
#include "rooms/declarations/gate.hpp"

#include "base/ids.hpp"
#include "rooms/declarations/test_house.hpp"

namespace motcua::declarations {
namespace {

using tests::ok;
using Kind = GateAnswer::Kind;

constexpr const char* lans_card = "079190000123||Lê Thị Lan|27031990|Nữ|12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM|01072021";

class GateTest : public DeclaringHouse {
 protected:
  void SetUp() override {
    DeclaringHouse::SetUp();
    gate_ = std::make_unique<Gate>(home_->house, identity_->door(), residents_->door(), *declaring_);
  }
  GateAnswer check(const std::string& text) { return ok(gate_->check(act_, {.text = text, .about = {}, .initials = {}})); }
  GateDeclaration of_lan() {
    GateDeclaration asked;
    asked.declaration = crypto::random_id("dec");
    asked.all_no = true;
    asked.details.full_name = "Lê Thị Lan", asked.details.birth = "27/3/1990", asked.details.sex = "female", asked.details.id_number = "079190000123";
    return asked;
  }

  Act act_{"acc_gate", "gate_staff", "gate-check", "declarations.gate", "req_test"};
  std::unique_ptr<Gate> gate_;
};
INSTANTIATE_TEST_SUITE_P(Engines, GateTest, tests::both_engines(), tests::engine_name);

TEST_P(GateTest, SomebodyUnknownIsDeclaredForAndThenKnown) {
  EXPECT_EQ(check("079190000123").kind, Kind::nobody);
  const auto received = ok(gate_->declare(act_, of_lan()));
  EXPECT_EQ(received.row.label, "L. T. L. · 1990");
  EXPECT_EQ(received.row.ticket, 1);
  EXPECT_EQ(received.told.answers.at("symptoms"), std::vector<std::string>{"none"});
  for (const char* by : {"079190000123", lans_card}) {
    const auto answer = check(by);
    ASSERT_EQ(answer.kind, Kind::person) << by;
    ASSERT_TRUE(answer.standing) << by;
    EXPECT_EQ(answer.standing->verdict, PassVerdict::valid);
    EXPECT_EQ(answer.standing->declared_at, received.told.declared_at);
    EXPECT_EQ(answer.label, "L. T. L. · 1990");
  }
  home_->now += std::chrono::hours(80);
  EXPECT_EQ(check(lans_card).standing.value().verdict, PassVerdict::expired);
}

TEST_P(GateTest, AScannedCardSaysWhoItIs) {
  const auto answer = check(lans_card);
  EXPECT_EQ(answer.kind, Kind::nobody);
  EXPECT_EQ(answer.told.full_name, "Lê Thị Lan");
  EXPECT_EQ(answer.told.birth, "1990-03-27");
  EXPECT_EQ(answer.told.sex, "female");
  GateDeclaration asked;
  asked.declaration = crypto::random_id("dec"), asked.all_no = true, asked.text = lans_card;
  EXPECT_EQ(ok(gate_->declare(act_, asked)).row.label, "L. T. L. · 1990");
}

TEST_P(GateTest, TheCardOfAnotherNameIsNotThisPerson) {
  ok(gate_->declare(act_, of_lan()));
  EXPECT_EQ(check("079190000123||Trần Văn Hùng|27031990|Nam|12 Lê Lợi|01072021").kind, Kind::nobody);
}

TEST_P(GateTest, SentTwiceItIsOne) {
  const auto asked = of_lan();
  const auto first = ok(gate_->declare(act_, asked));
  home_->now += std::chrono::hours(1);
  auto again = asked;
  again.details.full_name = "Somebody Else";
  const auto second = ok(gate_->declare(act_, again));
  EXPECT_EQ(second.told.declared_at, first.told.declared_at);
  EXPECT_EQ(second.row.ticket, 1);
  EXPECT_EQ(count("declarations_gate"), 1);
  EXPECT_EQ(count("declarations_answers"), 1);
  EXPECT_EQ(ok(gate_->declare(act_, of_lan())).row.ticket, 2) << "another number is another declaration";
  EXPECT_EQ(ok(gate_->today("acc_gate")).declared, 2);
}

TEST_P(GateTest, ToldAnHourAgoOffline) {
  auto asked = of_lan();
  asked.device = DeviceTime{home_->now + std::chrono::hours(23), home_->now + std::chrono::hours(24)};
  EXPECT_EQ(ok(gate_->declare(act_, asked)).told.declared_at, home_->now - std::chrono::hours(1));
  auto old = of_lan();
  old.device = DeviceTime{home_->now - std::chrono::hours(24 * 8), home_->now};
  EXPECT_EQ(gate_->declare(act_, old).failure().code, "declarations.told_too_long_ago");
}

TEST_P(GateTest, OnlyOnesOwnSlips) {
  const auto received = ok(gate_->declare(act_, of_lan()));
  EXPECT_EQ(ok(gate_->slip("acc_gate", received.told.declaration)).pass.pass_id, received.told.pass_id);
  EXPECT_EQ(gate_->slip("acc_other", received.told.declaration).failure().code, "declarations.no_such_declaration");
}

TEST_P(GateTest, WhatIsWrongChangesNothing) {
  auto nobody = of_lan();
  nobody.details = {};
  EXPECT_EQ(gate_->declare(act_, nobody).failure().code, "declarations.nobody_named");
  auto unanswered = of_lan();
  unanswered.all_no = false;
  EXPECT_EQ(gate_->declare(act_, unanswered).failure().field, "symptoms");
  auto numberless = of_lan();
  numberless.declaration = "1";
  EXPECT_EQ(gate_->declare(act_, numberless).failure().code, "declarations.number_unreadable");
  EXPECT_EQ(count("declarations_gate") + count("declarations_answers") + count("declarations_pass"), 0);
}

TEST_P(GateTest, APassIsReadAndItsSecondFactorAsked) {
  const auto received = ok(gate_->declare(act_, of_lan()));
  const auto slip = ok(gate_->slip("acc_gate", received.told.declaration));
  const std::string text = ok(room_->passes().text_of(slip.pass.pass));
  EXPECT_EQ(check(text).reading.verdict, PassVerdict::valid);
  EXPECT_FALSE(check(text).fits);
  EXPECT_EQ(ok(gate_->check(act_, {text, {}, "ltl", 1990})).fits, true);
  EXPECT_EQ(check(text.substr(0, text.size() - 6)).kind, Kind::pass);
  EXPECT_NE(check(text.substr(0, text.size() - 6)).reading.verdict, PassVerdict::valid);
}

TEST_P(GateTest, HostileTextIsUnreadableOrNobody) {
  const std::string long_text(5000, 'a');
  for (const std::string& text : {std::string(), std::string("<script>alert(1)</script>"), std::string("\u202e1990"), std::string("a\0b", 3), std::string("😀😀"), long_text, std::string("MCC:zzz"), std::string("0-0"),
                                  std::string("https://tokhaiyte.vn/?id=1"), std::string("sub_00000000000000000000000000")}) {
    const auto answer = gate_->check(act_, {.text = text, .about = {}, .initials = {}});
    if (!answer) {
      EXPECT_EQ(answer.failure().kind, FailureKind::not_found) << answer.failure().code;
      continue;
    }
    EXPECT_TRUE(answer->kind == Kind::unreadable || answer->kind == Kind::nobody || answer->kind == Kind::elsewhere) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace motcua::declarations
