// Keys and sightings that come in any order, days apart, and are each held against what is there.
#include "rooms/tracing/proximity.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class ProximityTest : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    house_ = std::make_unique<TestHouse>(database(), dir().file("home"));
  }
  void TearDown() override {
    house_.reset();
    DatabaseTest::TearDown();
  }
  TestHouse& h() { return *house_; }

  static std::string key_of(int owner) { return std::string(62, 'a') + (owner < 10 ? "0" : "") + std::to_string(owner); }
  static Instant time(int day, int hour) { return vietnam_time(Date(std::chrono::year(2021), std::chrono::July, std::chrono::day(static_cast<unsigned>(day))), hour); }
  static std::string phone_of(int owner) { return "09380000" + std::string(owner < 10 ? "0" : "") + std::to_string(owner); }

  void bring_keys(std::initializer_list<int> owners) {
    std::string csv = "phone,base_key,registered_at\n";
    for (const int owner : owners) csv += phone_of(owner) + "," + key_of(owner) + ",2021-07-01 00:00\n";
    h().import("bluezone-users", csv);
  }
  /// Phone `reporter` heard `owner` at this hour.
  void bring_sighting(int reporter, int owner, int day, int hour) {
    const auto key = parse_base_key(key_of(owner)).value();
    const Instant at = time(day, hour), made = time(1, 0);
    const auto of_day = identifiers_of_day(key, made, utc_day(at)).value();
    const std::string blid = to_hex_upper(of_day[static_cast<std::size_t>(slot_of(at) - utc_day(at) * slots_a_day)]);
    h().import("bluezone-trace", "reporter_phone,own_blid,contact_blid,rssi,tx_power,platform,ts\n" + phone_of(reporter) + ",," + blid + ",-60,,android," +
                                     to_iso(at + std::chrono::minutes(1)) + "\n");
  }
  std::int64_t waiting() { return h().door().resolve_sightings(tests::test_act())->waiting; }

  std::unique_ptr<TestHouse> house_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ProximityTest, tests::both_engines(), tests::engine_name);

TEST_P(ProximityTest, WhateverComesLaterMeetsWhatWasThere) {
  using std::chrono::hours;
  bring_sighting(1, 2, 10, 8);
  bring_sighting(1, 3, 12, 9);
  EXPECT_EQ(waiting(), 2);
  h().now += hours(24);
  bring_keys({2});   // a new key, old sightings
  EXPECT_EQ(waiting(), 1);
  h().now += hours(24);
  bring_sighting(4, 2, 14, 10);   // a new sighting, an old key
  EXPECT_EQ(waiting(), 1);
  h().now += hours(24);
  bring_sighting(4, 5, 3, 10);    // earlier than all that were seen before
  h().now += hours(24);
  bring_keys({5, 3});
  EXPECT_EQ(waiting(), 0);
}

TEST_P(ProximityTest, WhatPhonesHeardIsKnownLongerThanTheirSightings) {
  const auto episodes = [&] {
    return ok(database().read_value([&](storage::Reader& r) {
      return r.find("SELECT COUNT(*) FROM tracing_episode WHERE reference = $1", {"phone:+84" + phone_of(1).substr(1)}, [](const storage::Row& row) { return row.integer(0); });
    })).value();
  };
  h().four_residents();
  h().confirm("079090000001", "2021-08-09T08:00:00+07:00");   // an open case keeps what its trace needs
  bring_keys({2});
  bring_sighting(1, 2, 10, 8);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(episodes(), 1);
  h().now += std::chrono::days(25);
  std::int64_t forgotten = 0;
  for (const Purged& p : ok(h().room->purge(tests::test_act(), h().now, false)))
    if (p.what == "tracing.purge_sightings") forgotten = p.rows;
  EXPECT_EQ(forgotten, 1);
  EXPECT_EQ(episodes(), 1);
  bring_keys({2});
  bring_sighting(1, 2, 31, 9);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(episodes(), 2) << "a pair that meets again has met before";
}

TEST_P(ProximityTest, ManyNewKeysAtOnceFindTheirSightings) {
  bring_sighting(1, 2, 10, 8);
  bring_sighting(1, 99, 11, 8);
  h().now += std::chrono::hours(24);
  std::string csv = "phone,base_key,registered_at\n";
  for (int i = 0; i < 300; ++i) csv += "0977" + std::to_string(100000 + i) + "," + std::string(60, 'b') + std::to_string(1000 + i) + ",2021-07-01 00:00\n";
  h().import("bluezone-users", csv + phone_of(2) + "," + key_of(2) + ",2021-07-01 00:00\n");
  EXPECT_EQ(waiting(), 1);
}

TEST_P(ProximityTest, OneKeyAmongManyWhoWaitIsLookedUp) {
  bring_sighting(1, 2, 10, 8);
  std::string csv = "reporter_phone,own_blid,contact_blid,rssi,tx_power,platform,ts\n";
  for (int i = 0; i < 400; ++i) csv += phone_of(1) + ",," + std::string(20, 'C') + std::to_string(1000 + i) + ",-60,,android," + to_iso(time(10, 9)) + "\n";
  h().import("bluezone-trace", csv);
  EXPECT_EQ(waiting(), 401);
  h().now += std::chrono::hours(24);
  bring_keys({2});
  EXPECT_EQ(waiting(), 400);
}

}  // namespace
}  // namespace motcua::tracing
