// Promise 11: the state of consent at the time governs; withdrawing it stops new use the same minute.
#include <gtest/gtest.h>

#include "rooms/tracing/bluezone.hpp"
#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

constexpr const char* seen_text = "2021-08-07T10:05:00+07:00";
constexpr const char* mine = "phone:+84938000002";

/// The phone of the case heard Hai's, whose key is known; a visit leads to Ba without any phone.
class Promise11 : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().str());
    h().four_residents();
    h().import("visits", "visit_id,person,place_code,from,to\n1,id:079090000001,CAFE,2021-08-07 08:00,2021-08-07 09:00\n3,id:079090000003,CAFE,2021-08-07 08:40,2021-08-07 09:30\n");
  }
  TestHouse& h() { return *house_; }
  std::string key() const { return std::string(64, 'a'); }
  void upload() {
    const Instant seen = at(seen_text);
    const auto blids = ok(identifiers_of_day(ok(parse_base_key(key())), at("2021-07-01T10:00:00+07:00"), utc_day(seen)));
    const std::string blid = to_hex_upper(blids[static_cast<std::size_t>(slot_of(seen) % slots_a_day)]);
    std::string rows;
    for (int minute : {0, 5, 9}) rows += "\t" + blid + "\t-60\t" + std::to_string(to_millis(seen) / 1000 + minute * 60) + "\n";
    intake::ImportOptions options;
    options.reporter_phone = "0938000001";
    h().import("bluezone-trace", rows, options);
  }
  void register_key() { h().import("bluezone-users", "phone,base_key,registered_at\n0938000002," + key() + ",2021-07-01 10:00\n"); }
  void heard() {
    upload();
    register_key();
    h().link();
    ok(h().bus.drain());
  }
  void say(const char* id_number, const char* reference, bool given) { ok(h().door().set_consent(h().tracer(), h().person(id_number), reference, given)); }
  std::string stored(const std::string& case_id) {
    std::string names;
    for (const auto& row : ok(h().door().list_contacts(h().tracer(), {.case_id = case_id})).rows) names += row.full_name.reveal() + ";";
    return names;
  }
  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Promise11, tests::both_engines(), tests::engine_name);

constexpr const char* both = "Cao Thị Ba F1 via case 20; Bùi Văn Hai F1 via case 14";
constexpr const char* without_phone = "Cao Thị Ba F1 via case 20";

TEST_P(Promise11, UploadingIsConsent) {
  heard();
  EXPECT_EQ(h().drawn(h().confirm("079090000001", "2021-08-09T08:00:00+07:00")), both);
  const auto consent = ok(h().door().get_consent(h().tracer(), h().person("079090000002")));
  ASSERT_EQ(consent.phones.size(), 1U);
  EXPECT_TRUE(consent.phones[0].given);
  EXPECT_TRUE(consent.phones[0].used);
  EXPECT_FALSE(consent.phones[0].since);
}

TEST_P(Promise11, WithdrawalByTheOneHeardHoldsAtOnceAndEarlierQuestionsKeepTheirAnswer) {
  heard();
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  const Instant before = h().now;
  h().now += std::chrono::milliseconds(1);
  say("079090000002", mine, false);
  EXPECT_EQ(h().drawn(id), without_phone) << "the same moment, before any job ran";
  EXPECT_EQ(h().drawn(id, {.as_of = before}), both) << "what governed then";
  ok(h().bus.drain());
  EXPECT_EQ(stored(id), "Cao Thị Ba;") << "the open case was traced again";
  h().now += std::chrono::minutes(1);
  const Instant withdrawn = h().now - std::chrono::seconds(1);
  say("079090000002", mine, true);
  EXPECT_EQ(h().drawn(id), both);
  EXPECT_EQ(h().drawn(id, {.as_of = withdrawn}), without_phone);
}

TEST_P(Promise11, WithdrawalByTheReporterHoldsToo) {
  heard();
  const std::string id = h().confirm("079090000001", "2021-08-09T08:00:00+07:00");
  say("079090000001", "phone:+84938000001", false);
  EXPECT_EQ(h().drawn(id), without_phone);
}

TEST_P(Promise11, IdentifiersOfAWithdrawnPhoneAreNotResolved) {
  register_key();
  h().link();
  say("079090000002", mine, false);
  upload();
  ok(h().bus.drain());
  const auto waiting = ok(h().door().resolve_sightings(tests::test_act())).waiting;
  EXPECT_EQ(waiting, 3) << "nobody was named";
  h().now += std::chrono::minutes(1);
  say("079090000002", mine, true);
  EXPECT_EQ(ok(h().door().resolve_sightings(tests::test_act())).waiting, 0);
}

TEST_P(Promise11, OnlyAPhoneOfTheVisiblePersonAndOnRecord) {
  heard();
  const std::string person = h().person("079090000002");
  EXPECT_EQ(h().door().set_consent(h().tracer(), person, "phone:+84938000001", false).failure().code, "tracing.consent_not_her_phone");
  Asker elsewhere = h().tracer();
  elsewhere.areas = {"00001"};
  EXPECT_EQ(h().door().set_consent(elsewhere, person, mine, false).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().get_consent(elsewhere, person).failure().code, "tracing.not_found");
  EXPECT_EQ(h().door().get_consent(elsewhere, "per_00000000000000000000000000").failure().code, "tracing.not_found");
  say("079090000002", mine, false);
  const auto said = ok(database().read_value([](storage::Reader& r) {
    return r.list("SELECT reference, given, recorded_by FROM tracing_proximity_consent", {},
                  [](const storage::Row& row) { return row.string(0) + " " + std::to_string(row.integer(1)) + " " + row.string(2); });
  }));
  EXPECT_EQ(said, std::vector<std::string>{"phone:+84938000002 0 job:test"});
}

}  // namespace
}  // namespace motcua::tracing
