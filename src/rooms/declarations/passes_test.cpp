// Passes on both databases: what is issued verifies, what is revoked does not, and what is over goes.
#include <gtest/gtest.h>

#include "rooms/declarations/declarations.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::declarations {
namespace {

using std::chrono::hours;

class PassStore : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    start({});
  }

  /// The house anew over the same data, with these settings.
  void start(const std::map<std::string, std::string>& flags) {
    room_.reset();
    const Instant now = home_ ? home_->now : *parse_instant("2021-09-01T10:42:30.500+07:00");
    home_ = std::make_unique<tests::PlatformHouse>(database(), dir().str(), flags);
    home_->now = now;
    identity_ = identity::make_identity(home_->house);
    residents_ = std::move(*residents::make_residents(home_->house, identity_->door()));
    room_ = std::move(*make_declarations(home_->house, identity_->door(), residents_->door()));
  }

  Passes& passes() { return room_->passes(); }
  template <class Body>
  auto write(Body&& body) { return database().write_value(tests::test_act("declarations.test"), std::forward<Body>(body)); }
  IssuedPass issue(const std::string& subject, PassFacts facts = {}, FormKind form = FormKind::health) {
    return std::move(*write([&](storage::Transaction& tx) {
      return passes().issue_pass(tx, {.subject = subject, .form = form, .facts = facts, .full_name = "Nguyễn Văn An", .birth_year = 1990});
    }));
  }
  PassVerdict verdict(const IssuedPass& pass) { return passes().verify(*passes().text_of(pass.pass))->verdict; }
  std::vector<std::string> revoked(Instant since = {}) {
    return database().read_value([&](storage::Reader& r) { return passes().revocations(r, since); })->ids;
  }
  std::vector<IssuedPass> of(const std::string& subject) {
    const std::string subjects[] = {subject};
    return std::move(*database().read_value([&](storage::Reader& r) { return passes().passes_of(r, subjects, 100); }));
  }

  std::unique_ptr<tests::PlatformHouse> home_;
  std::unique_ptr<identity::IdentityRoom> identity_;
  std::unique_ptr<residents::ResidentsRoom> residents_;
  std::unique_ptr<DeclarationsRoom> room_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PassStore, tests::both_engines(), tests::engine_name);

TEST_P(PassStore, AnIssuedPassIsKeptAndVerifies) {
  const auto issued = issue("sub_a");
  EXPECT_EQ(issued.pass.state, PassState::declared);
  EXPECT_EQ(issued.pass.issued_at, *parse_instant("2021-09-01T10:42:30+07:00"));
  EXPECT_EQ(issued.pass.expires_at - issued.pass.issued_at, hours(72));
  EXPECT_EQ(issued.period, "declared");
  const auto reading = *passes().verify(*passes().text_of(issued.pass));
  ASSERT_EQ(reading.verdict, PassVerdict::valid);
  EXPECT_EQ(fits_check(*reading.pass, "nva", 1990), true);
  const auto kept = of("sub_a");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].pass_id, issued.pass_id);
  EXPECT_EQ(kept[0].pass.id, issued.pass.id);
  EXPECT_EQ(kept[0].pass.check, issued.pass.check);
  EXPECT_EQ(verdict(kept[0]), PassVerdict::valid) << "as it was kept";
  EXPECT_TRUE(of("sub_b").empty());
  home_->now += hours(72);
  EXPECT_EQ(verdict(issued), PassVerdict::expired);
}

TEST_P(PassStore, AWorseStateRevokesWhatIsBetterAndNothingElse) {
  const auto first = issue("sub_a"), entry = issue("sub_a", {}, FormKind::entry), other = issue("sub_b");
  EXPECT_TRUE(revoked().empty()) << "declaring again revokes nothing";
  const auto red = issue("sub_a", {.symptoms = true});
  EXPECT_EQ(red.pass.state, PassState::red);
  EXPECT_EQ(verdict(first), PassVerdict::revoked);
  EXPECT_EQ(verdict(entry), PassVerdict::revoked);
  EXPECT_EQ(verdict(other), PassVerdict::valid);
  EXPECT_EQ(revoked().size(), 2U);
  const auto well = issue("sub_a");
  EXPECT_EQ(verdict(red), PassVerdict::valid);
  EXPECT_EQ(verdict(well), PassVerdict::valid);
}

TEST_P(PassStore, RevokedOnceAndForAllOfASubject) {
  const auto one = issue("sub_a"), two = issue("sub_a");
  const auto revoke = [&](const std::string& subject, const std::string& id) {
    return database().write(tests::test_act("declarations.test"), [&](storage::Transaction& tx) { return passes().revoke_pass(tx, subject, id, RevokedBecause::asked); });
  };
  EXPECT_EQ(revoke("sub_b", one.pass_id).failure().code, "declarations.no_such_pass") << "not hers";
  EXPECT_EQ(revoke("sub_a", "pas_nonsense").failure().code, "declarations.no_such_pass");
  EXPECT_TRUE(revoke("sub_a", one.pass_id));
  EXPECT_TRUE(revoke("sub_a", one.pass_id)) << "again changes nothing";
  EXPECT_EQ(verdict(one), PassVerdict::revoked);
  EXPECT_EQ(revoked(), std::vector<std::string>{one.pass_id.substr(4, revocation_chars)});
  EXPECT_EQ(*write([&](storage::Transaction& tx) { return passes().revoke_passes(tx, "sub_a", RevokedBecause::mistaken); }), 1);
  EXPECT_EQ(verdict(two), PassVerdict::revoked);
  EXPECT_TRUE(of("sub_a")[0].revoked_at.has_value());
}

TEST_P(PassStore, ReissuedKeepsStateAndEnd) {
  const auto old = issue("sub_a", {.from_affected_area = true});
  home_->now += hours(1);
  const auto again = [&] { return write([&](storage::Transaction& tx) { return passes().reissue_pass(tx, "sub_a", old.pass_id, "Nguyễn Văn An", 1990); }); };
  const auto fresh = *again();
  EXPECT_NE(fresh.pass_id, old.pass_id);
  EXPECT_EQ(fresh.pass.state, PassState::yellow);
  EXPECT_EQ(fresh.pass.expires_at, old.pass.expires_at);
  EXPECT_EQ(fresh.pass.issued_at, old.pass.issued_at + hours(1));
  EXPECT_EQ(fits_check(fresh.pass, "NVA", 1990), true);
  EXPECT_EQ(verdict(old), PassVerdict::revoked);
  EXPECT_EQ(verdict(fresh), PassVerdict::valid);
  EXPECT_EQ(again().failure().code, "declarations.pass_over");
}

TEST_P(PassStore, WhoDeclaresOftenIsNotTurnedAwayTheOldestPassGoes) {
  const auto oldest = issue("sub_a");
  home_->now += std::chrono::seconds(1);
  const auto next = issue("sub_a");
  for (int i = 2; i < open_passes_max; ++i) issue("sub_a");
  EXPECT_EQ(verdict(oldest), PassVerdict::valid);
  const auto newest = issue("sub_a");
  EXPECT_EQ(verdict(oldest), PassVerdict::revoked);
  EXPECT_EQ(verdict(next), PassVerdict::valid);
  EXPECT_EQ(verdict(newest), PassVerdict::valid);
}

TEST_P(PassStore, WhatAWorseStateTakesMakesRoomAndTheOldestStays) {
  const auto oldest = issue("sub_a", {.symptoms = true});
  for (int i = 1; i < open_passes_max; ++i) issue("sub_a");
  issue("sub_a", {.symptoms = true});
  EXPECT_EQ(verdict(oldest), PassVerdict::valid);
  EXPECT_EQ(revoked().size(), static_cast<std::size_t>(open_passes_max - 1));
}

TEST_P(PassStore, KeysAreRotatedWithoutAnOutage) {
  const auto first = *passes().text_of(issue("sub_a").pass);
  const auto known_before = *passes().keys();
  ASSERT_EQ(known_before.size(), 2U) << "the current one and the next";
  start({{"declarations.pass_key_version", "2"}});
  EXPECT_EQ(passes().verify(first)->verdict, PassVerdict::valid);
  const auto second = *passes().text_of(issue("sub_a").pass);
  EXPECT_EQ(passes().verify(second)->verdict, PassVerdict::valid);
  EXPECT_EQ(verify_pass(second, known_before, home_->now, [](const Pass&) { return false; }).verdict, PassVerdict::valid) << "a gate that has not asked since";
  EXPECT_EQ(passes().keys()->size(), 3U);
  start({{"declarations.pass_key_version", "2"}, {"declarations.pass_key_oldest", "2"}});
  EXPECT_EQ(passes().verify(first)->verdict, PassVerdict::unknown_key) << "a lost key";
  EXPECT_EQ(passes().verify(second)->verdict, PassVerdict::valid);
}

TEST_P(PassStore, RevocationsAreToldFromAMomentOnAndUntilTheirEnd) {
  const auto one = issue("sub_a");
  ASSERT_EQ(*write([&](storage::Transaction& tx) { return passes().revoke_passes(tx, "sub_a", RevokedBecause::asked); }), 1);
  const auto next = database().read_value([&](storage::Reader& r) { return passes().revocations(r, {}); })->next;
  EXPECT_EQ(next, home_->now);
  home_->now += hours(2);
  issue("sub_b");
  ASSERT_EQ(*write([&](storage::Transaction& tx) { return passes().revoke_passes(tx, "sub_b", RevokedBecause::asked); }), 1);
  EXPECT_EQ(revoked().size(), 2U);
  EXPECT_EQ(revoked(next).size(), 2U) << "with its overlap";
  EXPECT_EQ(revoked(next + std::chrono::minutes(2)).size(), 1U);
  home_->now = one.pass.expires_at;
  EXPECT_EQ(revoked().size(), 1U);
  const auto purge = [&](bool count_only) {
    std::map<std::string, std::int64_t> rows;
    const auto purged = *room_->purge(tests::test_act("purge"), home_->now, count_only);
    for (const auto& p : purged) rows[p.what] = p.rows;
    return std::pair(rows["declarations.purge_passes"], rows["declarations.purge_revocations"]);
  };
  home_->now += hours(24 * 30) + hours(1);
  EXPECT_EQ(purge(true), std::pair(std::int64_t{1}, std::int64_t{2}));
  EXPECT_EQ(purge(false), std::pair(std::int64_t{1}, std::int64_t{2}));
  EXPECT_TRUE(of("sub_a").empty());
  EXPECT_EQ(of("sub_b").size(), 1U);
}

}  // namespace
}  // namespace motcua::declarations
