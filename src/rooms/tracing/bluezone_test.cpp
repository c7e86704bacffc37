#include "rooms/tracing/bluezone.hpp"

#include <gtest/gtest.h>

#include <set>

namespace motcua::tracing {
namespace {

using namespace std::chrono_literals;
Instant at(const char* text) { return parse_instant(text).value(); }
crypto::Hash256 key(std::uint8_t fill) { crypto::Hash256 k; k.fill(fill); return k; }

// Values computed with Python's hashlib from the definition, base key 00 01 02 ... 1f made on 2021-07-20 UTC.
crypto::Hash256 counting_key() {
  crypto::Hash256 k;
  for (std::size_t i = 0; i < k.size(); ++i) k[i] = static_cast<std::uint8_t>(i);
  return k;
}
TEST(Bluezone, KeyChain) {
  const Instant made = at("2021-07-20T10:00:00Z");
  struct Row { int day; std::size_t slot; const char* blid; };
  for (const Row& r : {
           Row{0, 0, "130CEA6472130C185D8643DF"},
           Row{0, 1, "893DAE342437130CE5E23837"},
           Row{0, 95, "0AE9AB99C50104E835045ABF"},
           Row{1, 0, "970E23C0E19DE93F8CC4057B"},
           Row{1, 1, "5B909F5E8344DB3C62DE63DB"},
           Row{1, 95, "75EBBEDB2A1B51DA3894E5B0"},
           Row{3, 0, "EA57DDD8E957525531C3A00D"},
           Row{3, 1, "D45AE2D51D3D83CBA7437CF3"},
           Row{3, 95, "ED4F8C74A47C2BB64E174FCF"}})
    EXPECT_EQ(to_hex_upper(identifiers_of_day(counting_key(), made, utc_day(made) + r.day).value().at(r.slot)), r.blid) << r.day << " " << r.slot;
}

TEST(Bluezone, TheDayTurnsAtMidnightUtc) {
  EXPECT_EQ(utc_day(at("2021-07-20T06:59:59+07:00")), utc_day(at("2021-07-19T12:00:00+07:00")));
  EXPECT_EQ(utc_day(at("2021-07-20T07:00:00+07:00")), utc_day(at("2021-07-19T12:00:00+07:00")) + 1);
  EXPECT_EQ(identifiers_of_day(key(1), at("2021-07-20T07:00:00+07:00"), utc_day(at("2021-07-20T06:59:00+07:00"))).failure().code, "tracing.day_before_key");
}

TEST(Bluezone, ResolvesInTheSlotGiveOrTakeOne) {
  const Instant made = at("2021-07-18T00:00:00Z");
  const std::int64_t day = utc_day(at("2021-07-20T00:00:00Z"));
  const auto blids = identifiers_of_day(key(7), made, day).value();
  struct Row { int slot; Instant seen; bool found; };
  const Instant midnight = at("2021-07-20T00:00:00Z");
  for (const Row& r : {Row{10, midnight + 150min, true}, Row{10, midnight + 149min, true}, Row{10, midnight + 179min, true}, Row{10, midnight + 180min, false},
                       Row{10, midnight + 134min, false}, Row{0, midnight - 1min, true}, Row{95, midnight + 24h + 5min, true}, Row{95, midnight + 24h + 16min, false}}) {
    Resolver resolver;
    resolver.wait_for(blids[static_cast<std::size_t>(r.slot)], r.seen);
    std::vector<Blid> found;
    resolver.find(key(7), made, [&](const Blid& b, Instant from, Instant to) {
      found.push_back(b);
      EXPECT_TRUE(from <= r.seen && r.seen < to);
    });
    EXPECT_EQ(!found.empty(), r.found) << r.slot << " " << to_iso(r.seen);
    resolver.find(key(8), made, [&](const Blid&, Instant, Instant) { ADD_FAILURE() << "another key"; });
  }
}

TEST(Bluezone, AKeyMadeLaterResolvesNothingEarlier) {
  Resolver resolver;
  const auto blids = identifiers_of_day(key(7), at("2021-07-18T00:00:00Z"), utc_day(at("2021-07-20T00:00:00Z"))).value();
  resolver.wait_for(blids[4], at("2021-07-20T01:00:00Z"));
  resolver.find(key(7), at("2021-07-21T00:00:00Z"), [&](const Blid&, Instant, Instant) { ADD_FAILURE(); });
}

TEST(Bluezone, NearByThePlatforms) {
  using enum Platform;
  struct Row { Platform scanner, seen; int rssi; bool near; };
  for (const Row& r : {Row{android, android, -86, true}, Row{android, android, -87, false}, Row{android, ios, -69, true}, Row{android, ios, -70, false},
                       Row{ios, android, -88, true}, Row{ios, android, -89, false}, Row{ios, ios, -74, true}, Row{ios, ios, -75, false}, Row{unknown, unknown, -88, true}})
    EXPECT_EQ(is_near(Sighting{{}, r.rssi, r.scanner, r.seen}), r.near) << r.rssi;
  EXPECT_TRUE(is_near(Sighting{{}, known_rssi(0), ios, ios}));
  EXPECT_TRUE(is_near(Sighting{{}, known_rssi(127), ios, ios}));
  EXPECT_EQ(known_rssi(-60), -60);
}

TEST(Bluezone, EpisodesEndAfterTenSilentMinutes) {
  const Instant t = at("2021-07-20T08:00:00+07:00");
  const auto heard = [&](std::initializer_list<int> minutes) {
    std::vector<Sighting> s;
    for (const int m : minutes) s.push_back({t + std::chrono::minutes(m), -60, Platform::android, Platform::android});
    return to_episodes(s);
  };
  EXPECT_EQ(heard({}), std::vector<Episode>{});
  EXPECT_EQ(heard({0}), (std::vector<Episode>{{t, t + 5min, 1, -60}}));
  EXPECT_EQ(heard({10, 0, 5, 20}), (std::vector<Episode>{{t, t + 25min, 4, -60}}));
  EXPECT_EQ(heard({0, 11}), (std::vector<Episode>{{t, t + 5min, 1, -60}, {t + 11min, t + 16min, 1, -60}}));
  EXPECT_TRUE(to_episodes({{t, -95, Platform::android, Platform::android}}).empty());
}

TEST(Bluezone, AnEpisodeOutlivesItsSightings) {
  const Instant t = at("2021-07-20T08:00:00+07:00");
  const auto heard = [&](std::initializer_list<int> minutes, int rssi = -60) {
    std::vector<Sighting> s;
    for (const int m : minutes) s.push_back({t + std::chrono::minutes(m), rssi, Platform::android, Platform::android});
    return s;
  };
  const std::vector<Episode> before{{t, t + 15min, 3, -60}};
  const Episode later{t + 60min, t + 65min, 1, -60};
  EXPECT_EQ(to_episodes(heard({60}), before), (std::vector<Episode>{before[0], later})) << "all of it forgotten";
  EXPECT_EQ(to_episodes(heard({10, 60}), before), (std::vector<Episode>{before[0], later})) << "part of it forgotten";
  EXPECT_EQ(to_episodes(heard({10, 15}), before), (std::vector<Episode>{{t, t + 20min, 3, -60}})) << "and continued";
  EXPECT_EQ(to_episodes(heard({0, 5, 10, 60}), before), (std::vector<Episode>{before[0], later})) << "nothing forgotten";
  EXPECT_EQ(to_episodes(heard({0, 5, 10}, -95), before), std::vector<Episode>{}) << "nothing forgotten, and far after all";
}

TEST(Bluezone, UnreadableHexIsRefused) {
  for (const char* text : {"", "00", "zz0000000000000000000000", "0000000000000000000000000"}) EXPECT_FALSE(parse_blid(text).ok()) << text;
  EXPECT_EQ(to_hex_upper(parse_blid("00ff10ab00ff10ab00ff10ab").value()), "00FF10AB00FF10AB00FF10AB");
  EXPECT_FALSE(parse_base_key("00").ok());
}

}  // namespace
}  // namespace motcua::tracing
