// A market, its people and the ways in; and what a case learns of them.
#include "rooms/venues/venues.hpp"

#include <gtest/gtest.h>

#include "rooms/declarations/declarations.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::venues {
namespace {

using tests::ok;

struct Town : tests::PlatformHouse {
  Town(storage::Database& database, const std::string& dir)
      : PlatformHouse(database, dir), people(identity::make_identity(house)), door(ok(residents::make_residents(house, people->door()))),
        declarations(ok(declarations::make_declarations(house, people->door(), door->door()))), cases(ok(tracing::make_tracing(house, people->door(), declarations->door()))),
        room(ok(make_venues(house, door->door(), cases->door()))) {
    people->add_handlers(bus);
    cases->add_handlers(bus);
    const Act act = tests::test_act();
    ok(intake::import_source(database, act, units::units_kind(units), {.source = "units"}, *intake::text_source(
        "code,name,level,parent_code,valid_from,valid_to\n79,Thành phố Hồ Chí Minh,province,,,\n760,Quận 1,district,79,,\n26740,Phường Bến Nghé,ward,760,,\n01,Thành phố Hà Nội,province,,,\n"), dir));
    ok(units.refresh());
  }
  Venues& venues() { return room->door(); }

  /// Signs in with the code from the message; tells who she is.
  http::Resident resident(const std::string& phone, const std::string& name, const std::string& id_number) {
    const residents::Origin origin{"192.0.2.7", "req", "test", "vi"};
    fetch_messages();
    const auto arrived = ok(door->door().arrive(origin, phone));
    const auto messages = fetch_messages();
    const std::string& text = messages.back();
    const auto entered = ok(door->door().enter(origin, arrived.token.reveal(), text.substr(text.find("\n\n") + 2, 6), false));
    http::Resident who{entered.account, "", entered.csrf};
    ok(door->door().add_person(origin, who, {{name, "1990-01-01", "female", id_number, "", "", "", "", ""}, residents::Relation::self}));
    return who;
  }
  static Keeper keeper(const std::string& actor) { return {{actor, "resident", "own-record", "venues.test", "req"}, false, {}}; }
  static Keeper staff(std::vector<std::string> areas) { return {{"acc_staff", "venue", "venue-check-in", "venues.test", "req"}, true, std::move(areas)}; }
  Venue market(const std::string& actor = "res_keeper") {
    return ok(venues().add_venue(keeper(actor), {"Chợ Bến Thành", "market", "Lê Lợi, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh", ""}));
  }
  void hear(const std::string& phone, const std::string& text, const std::string& id = "") { ok(venues().hear({id, Personal(phone), Personal(text)})); }
  /// Replies that have left, by their words.
  std::vector<std::string> replies() {
    now += std::chrono::seconds(5);
    ok(bus.drain());
    std::vector<std::string> words;
    for (const auto& m : fetch_messages()) words.push_back(m.substr(m.find("\n\n") + 2));
    return words;
  }
  std::vector<tracing::Stay> stays(const std::string& reference) {
    const std::string references[] = {reference};
    return ok(house.database.read_value([&](storage::Reader& r) { return cases->door().stays_of(r, references, now - std::chrono::days(30), now + std::chrono::days(1)); }));
  }

  std::unique_ptr<identity::IdentityRoom> people;
  std::unique_ptr<residents::ResidentsRoom> door;
  std::unique_ptr<declarations::DeclarationsRoom> declarations;
  std::unique_ptr<tracing::TracingRoom> cases;
  std::unique_ptr<VenuesRoom> room;
};

class VenuesTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    town_ = std::make_unique<Town>(database(), dir().path());
  }
  Town& t() { return *town_; }
  std::unique_ptr<Town> town_;
};
INSTANTIATE_TEST_SUITE_P(Engines, VenuesTest, tests::both_engines(), tests::engine_name);

TEST_P(VenuesTest, AVenueIsItsKeepersAndItsAreas) {
  const Venue venue = t().market();
  EXPECT_EQ(venue.ward_code, "26740");
  EXPECT_EQ(ok(t().venues().find_by_code(in_groups(venue.short_code))).venue_id, venue.venue_id);
  EXPECT_EQ(ok(t().venues().find_by_code(venue.code)).venue_id, venue.venue_id);
  EXPECT_EQ(t().venues().get_venue(Town::keeper("res_other"), venue.venue_id).failure().code, "venues.no_such_venue");
  EXPECT_EQ(t().venues().get_venue(Town::staff({"01"}), venue.venue_id).failure().code, "venues.no_such_venue");
  EXPECT_TRUE(t().venues().get_venue(Town::staff({"79"}), venue.venue_id));
  EXPECT_EQ(ok(t().venues().list_venues(Town::staff({"79"}))).size(), 1U);
  EXPECT_EQ(ok(t().venues().list_venues(Town::staff({"01"}))).size(), 0U);
  const struct { NewVenue told; const char* code; const char* field; } bad[] = {
      {{"", "market", venue.address, ""}, "venues.name_needed", "name"}, {{"A", "palace", venue.address, ""}, "venues.kind_unknown", "kind"},
      {{"A", "market", "nowhere", ""}, "venues.ward_unknown", "address"}, {{std::string(200, 'a'), "market", venue.address, ""}, "venues.text_too_long", "name"},
      {{"Ch\u202Eợ", "market", venue.address, ""}, "venues.text_unreadable", "name"}, {{std::string("a\0b", 3), "market", venue.address, ""}, "text.nul_byte", "name"}};
  for (const auto& [told, code, field] : bad) {
    const auto failed = t().venues().add_venue(Town::keeper("res_keeper"), told);
    ASSERT_FALSE(failed) << code;
    EXPECT_EQ(failed.failure().code, code);
    EXPECT_EQ(failed.failure().field, field);
  }
}

TEST_P(VenuesTest, ReissuedAndClosed) {
  const Venue before = t().market();
  const Venue after = ok(t().venues().reissue_codes(Town::keeper("res_keeper"), before.venue_id));
  EXPECT_EQ(t().venues().find_by_code(before.code).failure().code, "venues.code_ended");
  EXPECT_EQ(t().venues().find_by_code(before.short_code).failure().code, "venues.code_ended");
  EXPECT_TRUE(t().venues().find_by_code(after.code));
  EXPECT_EQ(t().venues().close_venue(Town::keeper("res_other"), before.venue_id).failure().code, "venues.no_such_venue");
  ok(t().venues().close_venue(Town::keeper("res_keeper"), before.venue_id));
  EXPECT_EQ(t().venues().find_by_code(after.code).failure().code, "venues.closed");
  EXPECT_EQ(t().venues().close_venue(Town::keeper("res_keeper"), before.venue_id).failure().code, "venues.closed");
}

TEST_P(VenuesTest, CheckInAgainAlreadyOutAndUndone) {
  const Venue venue = t().market();
  const auto an = t().resident("0938000001", "An Thị Một", "079190000001");
  const auto first = ok(t().venues().check_in(an, "req", {.code = venue.code}));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].outcome, Outcome::here);
  EXPECT_EQ(first[0].to - first[0].from, std::chrono::minutes(45));
  EXPECT_EQ(ok(t().venues().check_in(an, "req", {.number = first[0].number, .code = venue.short_code}))[0].outcome, Outcome::again);
  EXPECT_EQ(ok(t().venues().check_in(an, "req", {.code = venue.short_code}))[0].outcome, Outcome::already);
  EXPECT_EQ(ok(t().venues().list_check_ins(an, 21)).size(), 1U);

  const auto other = t().resident("0938000002", "Bùi Thị Hai", "079190000002");
  EXPECT_EQ(t().venues().check_in(other, "req", {.code = venue.code, .people = {first[0].person}}).failure().code, "residents.no_such_person");
  EXPECT_EQ(t().venues().undo(other, "req", first[0].number, first[0].person).failure().code, "venues.no_such_check_in");
  EXPECT_EQ(t().venues().check_out(other, "req", first[0].number, first[0].person).failure().code, "venues.no_such_check_in");

  t().now += std::chrono::minutes(10);
  ok(t().venues().check_out(an, "req", first[0].number, first[0].person));
  EXPECT_EQ(ok(t().venues().list_check_ins(an, 21))[0].to, t().now);
  ok(t().venues().undo(an, "req", first[0].number, first[0].person));
  EXPECT_TRUE(ok(t().venues().list_check_ins(an, 21)).empty());
  const auto second = ok(t().venues().check_in(an, "req", {.code = venue.code}));
  t().now += std::chrono::minutes(16);
  EXPECT_EQ(t().venues().undo(an, "req", second[0].number, second[0].person).failure().code, "venues.too_late_to_undo");
}

TEST_P(VenuesTest, ToldLateByAPhoneWithAWrongClock) {
  const Venue venue = t().market();
  const auto an = t().resident("0938000001", "An Thị Một", "079190000001");
  const Instant now = t().now;
  const auto told = [&](std::chrono::seconds at_, std::optional<std::chrono::seconds> clock) {
    Told when{now + at_, {}};
    if (clock) when.clock = now + *clock;
    return t().venues().check_in(an, "req", {.code = venue.code, .told = when});
  };
  using std::chrono::hours;
  EXPECT_EQ(ok(told(hours(-2), {}))[0].from, now - hours(2));
  EXPECT_EQ(ok(told(hours(24 - 5), hours(24)))[0].from, now - hours(5)) << "a clock a day ahead";
  EXPECT_EQ(told(hours(-24 * 8), {}).failure().code, "venues.time_unlikely");
  EXPECT_EQ(told(hours(1), {}).failure().code, "venues.time_unlikely");
  EXPECT_EQ(ok(told(std::chrono::minutes(5), {}))[0].from, now) << "a little ahead is now";
}

TEST_P(VenuesTest, AtTheDoorAndAsAGroup) {
  const Venue venue = t().market();
  const Keeper staff = Town::staff({"79"});
  const auto shown = ok(t().venues().check_in_shown(staff, venue.venue_id, "", {"0938 000 003", "079190000004", "079190000005||Lê Thị Năm|02031985|Nữ|12 Lê Lợi|01012021", "xin chào", "<b>"}, {}));
  EXPECT_EQ(shown.outcomes.size(), 3U);
  ASSERT_EQ(shown.refused.size(), 2U);
  EXPECT_EQ(shown.refused[0].first, 3U);
  EXPECT_EQ(t().stays("phone:+84938000003").size(), 1U);
  EXPECT_EQ(t().stays("id:079190000004").size(), 1U);
  EXPECT_EQ(t().stays("id:079190000005").size(), 1U);
  EXPECT_EQ(t().stays("id:079190000005")[0].source, "checkin-door");
  EXPECT_EQ(t().venues().check_in_shown(Town::staff({"01"}), venue.venue_id, "", {"0938000003"}, {}).failure().code, "venues.no_such_venue");
  EXPECT_EQ(t().venues().check_in_shown(staff, venue.venue_id, "", std::vector<std::string>(201, "0938000003"), {}).failure().code, "venues.too_many_people");
}

TEST_P(VenuesTest, MessagesCheckInAndAreAnswered) {
  const Venue venue = t().market();
  t().hear("+84938000003", "1022 " + in_groups(venue.short_code), "m1");
  t().hear("+84938000003", "1022 " + in_groups(venue.short_code), "m1");
  ASSERT_EQ(t().stays("phone:+84938000003").size(), 1U);
  EXPECT_EQ(t().stays("phone:+84938000003")[0].source, "checkin-sms");
  auto words = t().replies();
  ASSERT_EQ(words.size(), 1U) << "told twice by the gateway, answered once";
  EXPECT_NE(words[0].find("Chợ Bến Thành"), std::string::npos);
  t().hear("0938000003", venue.short_code);
  EXPECT_NE(t().replies().at(0).find("từ lúc"), std::string::npos);
  t().hear("0938000003", "Hủy");
  EXPECT_NE(t().replies().at(0).find("hủy"), std::string::npos);
  EXPECT_TRUE(t().stays("phone:+84938000003").empty());
  const std::string hostile[] = {"", "xin chào", "123456789", std::string(100'000, '1'), std::string("\0\xff\xfe", 3), "<script>", "\u202E123"};
  for (const auto& text : hostile) t().hear("0938000004", text);
  for (const auto& w : t().replies()) EXPECT_NE(w.find("9 chữ số"), std::string::npos);
  t().hear("VIETTEL", venue.short_code);
  EXPECT_TRUE(t().replies().empty()) << "nobody to answer";
}

TEST_P(VenuesTest, SilenceAndLimits) {
  const Venue venue = t().market();
  t().hear("0938000003", "STOP");
  EXPECT_EQ(t().replies().size(), 1U);
  t().hear("0938000003", venue.short_code);
  EXPECT_TRUE(t().replies().empty());
  EXPECT_EQ(t().stays("phone:+84938000003").size(), 1U);
  t().hear("0938000003", "START");
  EXPECT_EQ(t().replies().size(), 1U);
  for (int i = 0; i < 40; ++i) t().hear("0938000005", "sai");
  EXPECT_EQ(t().replies().size(), 20U);
  t().hear("0938000005", venue.short_code);
  EXPECT_EQ(t().stays("phone:+84938000005").size(), 1U) << "what it checks in counts";
}

/// By each way in; whoever was there is on the case's list, and a phone that nobody knew is named when its person comes.
TEST_P(VenuesTest, TheCaseNamesWhoCheckedIn) {
  const Venue venue = t().market();
  const auto an = t().resident("0938000001", "An Thị Một", "079190000001");
  const auto bui = t().resident("0938000002", "Bùi Thị Hai", "079190000002");
  ok(t().people->door().link(tests::test_act("identity.link"), {}));
  const auto here = ok(t().venues().check_in(an, "req", {.code = venue.code}));
  tracing::CaseInput input;
  input.record_source = "motcua";
  input.record_id = here[0].person;
  input.sampled_at = t().now + std::chrono::minutes(1);
  tracing::Asker tracer{tests::test_act("tracing.test"), {""}, "en"};
  const auto case_id = ok(t().cases->door().confirm_case(tracer, input));
  const auto settle = [&] {
    t().now += std::chrono::seconds(6);
    ok(t().bus.drain());
  };
  settle();
  const auto listed = [&] { return ok(t().cases->door().list_contacts(tracer, {.case_id = case_id})).total; };
  EXPECT_EQ(listed(), 0);
  ok(t().venues().check_in(bui, "req", {.code = venue.short_code}));
  settle();
  EXPECT_EQ(listed(), 1);
  t().hear("0938000003", venue.short_code);
  settle();
  EXPECT_EQ(listed(), 1) << "a fact that waits for its person";
  t().resident("0938000003", "Cao Thị Ba", "079190000003");
  ok(t().people->door().link(tests::test_act("identity.link"), {}));
  settle();
  EXPECT_EQ(listed(), 2);
}

TEST_P(VenuesTest, APosterIsAPdfInBothLanguages) {
  const Venue venue = t().market();
  for (const char* lang : {"vi", "en"}) {
    const std::string pdf = ok(t().venues().poster(Town::keeper("res_keeper"), venue.venue_id, "https://motcua.example", lang));
    EXPECT_TRUE(pdf.starts_with("%PDF-")) << lang;
  }
}

}  // namespace
}  // namespace motcua::venues
