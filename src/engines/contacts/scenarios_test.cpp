// Contact scenarios drawn as small tables. A line of the world is one of
//   A B 08:00 30           A and B near each other from 08:00 for 30 minutes (kind and distance may follow)
//   A @bus 08:00 09:00 12A A at the place `bus`; its name up to a digit is its kind where that is one (bus: vehicle)
//   A isolated 10:00
// and a line of the answer: person, class, arrival, via, minutes.
#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

#include "engines/contacts/memory_source.hpp"

namespace motcua::contacts {
namespace {

Time clock_time(const std::string& text) {       // "08:00", with a day in front for later ones: "2T08:00"
  int day = 0;
  int h = 0;
  int m = 0;
  if (text.find('T') != std::string::npos) std::sscanf(text.c_str(), "%dT%d:%d", &day, &h, &m);
  else std::sscanf(text.c_str(), "%d:%d", &h, &m);
  return ((static_cast<Time>(day) * 24 + h) * 60 + m) * 60'000;
}
std::string show_time(Time t) {
  const Time minutes = t / 60'000;
  char text[32];
  if (minutes >= 1440) std::snprintf(text, sizeof text, "%dT%02d:%02d", static_cast<int>(minutes / 1440), static_cast<int>(minutes / 60 % 24), static_cast<int>(minutes % 60));
  else std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text;
}

Kind kind_of_place(const std::string& name) {
  for (const auto& [prefix, kind] : {std::pair{"bus", Kind::vehicle}, {"flight", Kind::flight}, {"home", Kind::household}, {"ward", Kind::health}})
    if (name.starts_with(prefix)) return kind;
  return Kind::venue;
}

void draw(MemorySource& world, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string who, what, from, to, more;
    if (!(words >> who >> what >> from)) continue;
    words >> to >> more;
    if (what == "isolated") {
      world.isolate(who, clock_time(from));
    } else if (what.starts_with("@")) {
      world.add_visit(who, what, clock_time(from), clock_time(to), kind_of_place(what.substr(1)), more);
    } else {
      const float distance = more.empty() ? -1 : std::stof(more);
      world.add_encounter(who, what, clock_time(from), clock_time(from) + std::stoi(to) * 60'000, Kind::encounter, distance);
    }
  }
}

std::string answer_of(MemorySource& world, const Question& q) {
  const auto answer = trace(world, q);
  std::string out;
  for (const Reached& r : answer.value().reached)
    out += world.id_of(r.person) + " F" + std::to_string(r.level) + " " + show_time(r.at) + " " + world.id_of(r.via) + " " +
           std::to_string(r.overlap_total_ms / 60'000) + "\n";
  return out;
}

struct Scenario {
  const char* name;
  const char* world;
  const char* from = "00:00";
  const char* to = "9T00:00";
  int depth = 3;
  Direction direction = Direction::forward;
  int latent_minutes = 0;
  int minutes_min = 0;
  double distance_m = 2;
  const char* expected = "";
};

class Drawn : public testing::TestWithParam<Scenario> {};

TEST_P(Drawn, Gives) {
  const Scenario& s = GetParam();
  MemorySource world;
  draw(world, s.world);
  Question q;
  q.seeds = {{world.person("A"), {clock_time(s.from), clock_time(s.to)}}};
  q.depth = s.depth;
  q.direction = s.direction;
  q.rules.latent_ms = s.latent_minutes * 60'000;
  q.rules.overlap_min_ms = s.minutes_min * 60'000;
  q.rules.distance_max_m = s.distance_m;
  EXPECT_EQ(answer_of(world, q), s.expected);
}

const Scenario scenarios[] = {
    {.name = "Chain", .world = "A B 08:00 30\nB C 09:00 10\nC D 10:00 5", .expected = "B F1 08:00 A 30\nC F2 09:00 B 10\nD F3 10:00 C 5\n"},
    {.name = "ContactBeforeExposureDoesNotCount", .world = "B C 07:00 30\nA B 08:00 30", .expected = "B F1 08:00 A 30\n"},
    {.name = "LongContactCountsFromTheExposureOn", .world = "B C 07:00 120\nA B 08:00 30", .expected = "B F1 08:00 A 30\nC F2 08:00 B 60\n"},
    {.name = "LateShortChainAndEarlyLongChain",   // D by A at 12:00 directly, by B and C at 10:00: still F1, and E meets D at 11:00
     .world = "A D 12:00 10\nA B 08:00 10\nB C 09:00 10\nC D 10:00 10\nD E 11:00 10",
     .depth = 4,
     .expected = "B F1 08:00 A 10\nD F1 12:00 A 10\nC F2 09:00 B 10\nE F4 11:00 D 10\n"},
    {.name = "IsolationEndsIt", .world = "A B 08:00 30\nB C 10:00 30\nB isolated 10:00", .expected = "B F1 08:00 A 30\n"},
    {.name = "IsolationCutsAContact", .world = "A B 08:00 30\nB C 10:00 30\nB isolated 10:10", .expected = "B F1 08:00 A 30\nC F2 10:00 B 10\n"},
    {.name = "TheSeedsWindowAloneRulesTheSeed", .world = "A B 08:00 30\nA isolated 07:00", .expected = "B F1 08:00 A 30\n"},
    {.name = "LatentPeriod", .world = "A B 08:00 30\nB C 08:40 10\nB D 09:30 10", .latent_minutes = 60, .expected = "B F1 08:00 A 30\nD F2 09:30 B 10\n"},
    {.name = "HalfOpenEnds", .world = "A B 07:00 60\nA C 09:00 10\nA D 08:59 10", .from = "08:00", .to = "09:00", .expected = "D F1 08:59 A 1\n"},
    {.name = "ShortestContactThatCounts", .world = "A B 08:00 14\nA C 09:00 15", .minutes_min = 15, .expected = "C F1 09:00 A 15\n"},
    {.name = "OverlappingVisits", .world = "A @cafe 08:00 09:00\nB @cafe 08:30 09:30\nC @cafe 09:00 10:00", .expected = "B F1 08:30 A 30\nC F2 09:00 B 30\n"},
    {.name = "AcrossMidnight", .world = "A @bar 23:30 1T00:30\nB @bar 1T00:00 1T01:00", .expected = "B F1 1T00:00 A 30\n"},
    {.name = "TwoRowsOfABus", .world = "A @bus1 08:00 09:00 12A\nB @bus1 08:00 09:00 14\nC @bus1 08:00 09:00 15\nD @bus1 08:30 09:00\nE @bus1 08:00 09:00 B10",
     .depth = 1, .expected = "B F1 08:00 A 60\nD F1 08:30 A 30\nE F1 08:00 A 60\n"},
    {.name = "RowsDoNotMatterAtHome", .world = "A @home1 08:00 09:00 1\nB @home1 08:00 09:00 40", .expected = "B F1 08:00 A 60\n"},
    {.name = "KnownDistanceTooFar", .world = "A B 08:00 30 2.5\nA C 08:00 30 2\nA D 08:00 30", .depth = 1, .expected = "C F1 08:00 A 30\nD F1 08:00 A 30\n"},
    {.name = "TieGoesToTheSmallestId", .world = "A C 08:00 30\nA B 08:00 30\nC D 09:00 10\nB D 09:00 20", .expected = "B F1 08:00 A 30\nC F1 08:00 A 30\nD F2 09:00 B 30\n"},
    {.name = "BackwardFindsTheInfector", .world = "B A 08:00 30\nC B 07:00 30\nD B 09:00 30", .to = "10:00", .direction = Direction::backward,
     .expected = "B F1 08:30 A 30\nC F2 07:30 B 30\n"},
    {.name = "BackwardNobodyIsolated", .world = "B A 08:00 30\nC A 08:00 30\nC isolated 08:00", .to = "10:00", .direction = Direction::backward,
     .expected = "B F1 08:30 A 30\n"},
};
INSTANTIATE_TEST_SUITE_P(Scenarios, Drawn, testing::ValuesIn(scenarios), [](const auto& i) { return i.param.name; });

TEST(Contacts, TheShownPathIsTheStrongestNotTheEarliest) {
  MemorySource world;
  draw(world, "A B 08:00 1\nA C 09:00 240\nB D 10:00 1\nC D 11:00 240");
  Question q;
  q.seeds = {{world.person("A"), {0, never}}};
  const auto answer = trace(world, q).value();
  const Reached& d = answer.reached.back();
  EXPECT_EQ(world.id_of(d.via), "B");
  EXPECT_EQ(world.id_of(answer.chain(d.strongest)[0].to), "C");
  EXPECT_EQ(world.id_of(answer.chain(d.earliest)[0].to), "B");
  EXPECT_EQ(d.contacts, 2U);
}

TEST(Contacts, OverlappingEvidenceCountsOnceInTheTimeTogether) {
  MemorySource world;
  draw(world, "A @home 08:00 10:00\nB @home 09:00 11:00\nA B 09:30 45\nC @home 09:50 09:55\nA B 12:00 5\n");
  Question q;
  q.seeds = {{world.person("A"), {clock_time("00:00"), clock_time("9T00:00")}}};
  q.depth = 1;
  const Answer answer = trace(world, q).value();
  ASSERT_EQ(answer.reached.size(), 2U);
  EXPECT_EQ(answer.reached[0].overlap_total_ms, 110 * 60'000) << "60 at home, 45 and 5 told";
  EXPECT_EQ(answer.reached[0].together_ms, 80 * 60'000) << "from 9:00 to 10:15, and five minutes";
  EXPECT_EQ(answer.reached[1].together_ms, 5 * 60'000);
}

TEST(Contacts, ABudgetEndsItAndSaysSo) {
  MemorySource world;
  for (int i = 0; i < 100; ++i) world.add_visit("P" + std::to_string(i), "market", 0, 60'000);
  Question q;
  q.seeds = {{world.person("P0"), {0, never}}};
  q.budget.contacts_max = 10;
  const auto few = trace(world, q).value();
  EXPECT_TRUE(few.partial);
  EXPECT_LE(few.reached.size(), 10U);
  q.budget.contacts_max = 1000;
  const auto all_of_them = trace(world, q).value();
  EXPECT_EQ(all_of_them.reached.size(), 99U);
}

TEST(Contacts, BothMaskedNeedsLonger) {
  MemorySource world;
  world.add_encounter("A", "B", 0, 14 * 60'000, Kind::encounter, 1, true);
  world.add_encounter("A", "C", 0, 15 * 60'000, Kind::encounter, 1, true);
  world.add_encounter("A", "D", 0, 60'000, Kind::encounter, 1, false);
  Question q;
  q.seeds = {{world.person("A"), {0, never}}};
  q.depth = 1;
  q.rules.overlap_min_masked_ms = 15 * 60'000;
  EXPECT_EQ(answer_of(world, q), "C F1 00:00 A 15\nD F1 00:00 A 1\n");
}

TEST(Contacts, SeatsAsWritten) {
  struct Row { const char* text; int row; char letter; };
  for (const Row& r : {Row{"12", 12, 0}, {"12A", 12, 'A'}, {"a12", 12, 'A'}, {"A-12", 12, 'A'}, {" 7 b", 7, 'B'}, {"", 0, 0}, {"window", 0, 0}, {"1234", 0, 0}, {"0", 0, 0}}) {
    const Seat seat = parse_seat(r.text);
    EXPECT_EQ(seat.row, r.row) << r.text;
    EXPECT_EQ(seat.letter, r.letter) << r.text;
  }
}

}  // namespace
}  // namespace motcua::contacts
