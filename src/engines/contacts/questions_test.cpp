// Differences, bridges, origins and places: each against the plain way to say what it means, in random worlds.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engines/contacts/clusters.hpp"
#include "engines/contacts/difference.hpp"
#include "engines/contacts/memory_source.hpp"

namespace motcua::contacts {
namespace {

constexpr Time minute = 60'000;
constexpr Time noon = 1'626'930'000'000;      // 2021-07-22T12:00+07:00

int number(int from, int to) { return *rc::gen::inRange(from, to); }
std::string person_name(int i) { return "P" + std::to_string(i * 7 % 31); }
Time some_time() { return noon + number(0, 60) * 10 * minute; }

void fill(MemorySource& world, int persons, int facts) {
  for (int i = 0; i < persons; ++i) world.person(person_name(i));
  for (int n = number(0, facts); n > 0; --n) {
    const int a = number(0, persons), b = number(0, persons);
    const Time from = some_time(), to = from + number(1, 120) * minute;
    if (number(0, 3) == 0) world.add_visit(person_name(a), std::string(1, static_cast<char>('x' + number(0, 3))), from, to, static_cast<Kind>(number(0, 7)), std::to_string(number(0, 6)));
    else if (a != b) world.add_encounter(person_name(a), person_name(b), from, to, static_cast<Kind>(number(7, 10)), -1, number(0, 5) == 0);
  }
  for (int n = number(0, 3); n > 0; --n) world.isolate(person_name(number(0, persons)), some_time());
}

Question some_question(MemorySource& world, int persons) {
  Question q;
  for (int n = number(1, 4); n > 0; --n) {
    const Time from = some_time();
    q.seeds.push_back({world.person(person_name(number(0, persons))), {from, from + number(0, 40) * 10 * minute}});
  }
  for (int n = number(0, 3); n > 0; --n) q.stops.push_back(world.person(person_name(number(0, persons))));
  q.depth = number(1, 7);
  q.direction = number(0, 2) == 0 ? Direction::forward : Direction::backward;
  q.rules.latent_ms = number(0, 3) * 30 * minute;
  q.rules.overlap_min_ms = number(0, 2) * 15 * minute;
  q.rules.overlap_min_masked_ms = 40 * minute;
  return q;
}

std::map<Person, Standing> rows(const Answer& answer) {
  std::map<Person, Standing> out;
  for (const Reached& r : answer.reached) out[r.person] = {r.level, r.at, r.via, r.overlap_total_ms};
  return out;
}

RC_GTEST_PROP(Difference, IsWhatTwoRunsDifferIn, ()) {
  MemorySource world;
  const int persons = number(3, 25);
  fill(world, persons, 90);
  const Question q = some_question(world, persons);
  Question then = q;
  for (Seed& s : then.seeds) {
    if (number(0, 3) != 0) s.window.from += number(-4, 5) * 20 * minute;
    if (number(0, 3) != 0) s.window.to += number(-4, 5) * 20 * minute;
  }
  const Answer before = trace(world, q).value(), after = trace(world, then).value();
  const Difference d = difference(world, q, before, then.seeds, number(0, 4) == 0 ? std::optional<std::size_t>() : 1'000'000).value();
  RC_TAG(d.second_run ? "second run" : d.changes.empty() ? "nothing" : "affected part");
  std::map<Person, Standing> patched = rows(before);
  for (const Change& c : d.changes) {
    RC_ASSERT(c.before != c.after);
    RC_ASSERT(c.before.has_value() == patched.contains(c.person));
    if (c.before) RC_ASSERT(patched[c.person] == *c.before);
    patched.erase(c.person);
    if (c.after) patched[c.person] = *c.after;
  }
  RC_ASSERT(patched == rows(after));
}

TEST(Difference, OnlyWhatTheMoveReachesIsLookedAt) {
  MemorySource world;
  for (int i = 0; i < 200; ++i) world.add_encounter("A", "N" + std::to_string(i), noon + 60 * minute, noon + 90 * minute);
  for (int i = 0; i < 200; ++i) world.add_encounter("N" + std::to_string(i), "M" + std::to_string(i), noon + 200 * minute, noon + 260 * minute);
  world.add_encounter("A", "E", noon - 60 * minute, noon - 30 * minute);
  world.add_encounter("E", "F", noon, noon + 30 * minute);
  Question q{.seeds = {{world.person("A"), {noon, noon + 600 * minute}}}, .depth = 3};
  const Answer before = trace(world, q).value();
  const Difference d = difference(world, q, before, {{world.person("A"), {noon - 60 * minute, noon + 600 * minute}}}).value();
  ASSERT_EQ(d.changes.size(), 2U);
  EXPECT_FALSE(d.second_run);
  EXPECT_LT(d.contacts_seen, before.contacts_seen);
  EXPECT_EQ(d.changes[0].after, (Standing{1, noon - 60 * minute, world.person("A"), 30 * minute}));
  EXPECT_EQ(d.changes[1].after->level, 2);
}

AskOne asking(MemorySource& world, const Rules& rules, int depth) {
  return [&world, rules, depth](const Seed& seed, Direction direction, const std::vector<Person>& stops) -> Result<MetBy> {
    TRY_ASSIGN(const Answer answer, trace(world, {.seeds = {seed}, .stops = stops, .depth = depth, .direction = direction, .rules = rules}));
    return to_met(answer, direction);
  };
}

/// All chains of at most `left` more contacts from a case, by trying them: who is reached when, over whom.
struct Chains {
  const MemorySource& world;
  Time latent;
  std::vector<Person> path;
  std::function<void(const std::vector<Person>&)> told;
  void go(Person at, const Interval& window, int left) {
    path.push_back(at);
    for (const Encounter& e : world.encounters) {
      if (left == 0 || (e.person != at && e.other != at)) continue;
      const Person to = e.person == at ? e.other : e.person;
      const Interval overlap = intersect(e.span, window);
      if (to == path.front() || overlap.length() <= 0) continue;
      path.push_back(to);
      told(path);
      path.pop_back();
      go(to, {overlap.from + latent, never}, left - 1);
    }
    path.pop_back();
  }
};

RC_GTEST_PROP(Bridges, LieOnAChainBetweenTheTwo, ()) {
  MemorySource world;
  const int persons = 7;
  for (int i = 0; i < persons; ++i) world.person(person_name(i));
  for (int n = number(1, 9); n > 0; --n) {
    const int a = number(0, persons), b = number(0, persons);
    const Time from = some_time();
    if (a != b) world.add_encounter(person_name(a), person_name(b), from, from + number(1, 60) * minute);
  }
  Rules rules;
  rules.latent_ms = number(0, 2) * 30 * minute;
  const Interval always{noon - 1'000 * minute, noon + 2'000 * minute};
  const Seed s{world.person(person_name(0)), always}, t{world.person(person_name(1)), always};
  const Bridges found = find_bridges({s}, {t}, rules, asking(world, rules, persons)).value();
  std::map<Person, std::uint32_t> expected;
  for (const auto& [from, to] : {std::pair{s.person, t.person}, std::pair{t.person, s.person}}) {
    std::set<Person> between;
    Chains chains{world, rules.latent_ms, {}, {}};
    chains.told = [&, target = to](const std::vector<Person>& path) {
      if (path.back() == target && path.size() > 2 && std::find(path.begin() + 1, path.end() - 1, target) == path.end() - 1)
        between.insert(path.begin() + 1, path.end() - 1);
    };
    chains.go(from, always, persons);
    for (const Person p : between) ++expected[p];
  }
  std::map<Person, std::uint32_t> pairs;
  for (const Bridge& b : found.bridges) pairs[b.person] = b.pairs;
  RC_ASSERT(pairs == expected);
}

TEST(Bridges, TheOneWhoWorksInBothPlacesIsFirst) {
  MemorySource world;
  for (const char* a : {"A1", "A2", "A3"}) world.add_visit(a, "factory", noon, noon + 480 * minute, Kind::work);
  for (const char* b : {"B1", "B2"}) world.add_visit(b, "school", noon + 1440 * minute, noon + 1800 * minute, Kind::school);
  world.add_visit("teacher", "factory", noon + 60 * minute, noon + 90 * minute, Kind::work);
  world.add_visit("teacher", "school", noon + 1440 * minute, noon + 1700 * minute, Kind::school);
  world.add_encounter("A1", "aunt", noon + 500 * minute, noon + 520 * minute);
  world.add_encounter("aunt", "B1", noon + 600 * minute, noon + 620 * minute);
  const Interval week{noon, noon + 10'000 * minute};
  std::vector<Seed> a, b;
  for (const char* id : {"A1", "A2"}) a.push_back({world.person(id), week});
  for (const char* id : {"B1", "B2"}) b.push_back({world.person(id), week});
  const Bridges found = find_bridges(a, b, {}, asking(world, {}, 3)).value();
  ASSERT_GE(found.bridges.size(), 2U);
  EXPECT_EQ(world.id_of(found.bridges[0].person), "teacher");
  EXPECT_EQ(found.bridges[0].pairs, 4U);
  EXPECT_EQ(found.bridges[0].from_a, 2U);
  EXPECT_EQ(found.bridges[0].from_b, 0U);
  EXPECT_EQ(found.linked, 4U);
  EXPECT_TRUE(std::any_of(found.bridges.begin(), found.bridges.end(), [&](const Bridge& x) { return world.id_of(x.person) == "aunt"; }));
}

TEST(Origins, TheOneBeforeAllCasesIsFirst) {
  MemorySource world;
  const char* cases[] = {"C1", "C2", "C3"};
  for (int i = 0; i < 3; ++i) world.add_encounter("index", cases[i], noon + i * 60 * minute, noon + (i * 60 + 30) * minute);
  world.add_encounter("C1", "friend", noon + 10 * minute, noon + 20 * minute);
  world.add_encounter("friend", "C2", noon + 55 * minute, noon + 65 * minute);
  std::vector<Seed> seeds;
  for (const char* id : cases) seeds.push_back({world.person(id), {noon - minute, noon + 600 * minute}});
  const Origins found = find_origins(seeds, asking(world, {}, 3)).value();
  ASSERT_FALSE(found.origins.empty());
  EXPECT_EQ(world.id_of(found.origins[0].person), "index");
  EXPECT_EQ(found.origins[0].cases, 3U);
  EXPECT_EQ(found.origins[0].direct, 3U);
  EXPECT_FALSE(found.origins[0].is_case);
  EXPECT_EQ(find_origins(std::vector<Seed>(cluster_seeds_max + 1), asking(world, {}, 3)).failure().code, "contacts.too_many_seeds");
}

RC_GTEST_PROP(Places, ShareOutTheMinutesOfAnAnswer, ()) {
  MemorySource world;
  fill(world, 12, 60);
  const Question q = some_question(world, 12);
  const Answer answer = trace(world, q).value();
  Time of_places = 0, of_persons = 0;
  std::uint32_t contacts = 0, expected = 0;
  for (const PlaceShare& p : answer.places) of_places += p.overlap_total_ms, contacts += p.contacts;
  for (const Reached& r : answer.reached) of_persons += r.overlap_total_ms, expected += r.contacts;
  RC_ASSERT(of_places == of_persons);
  RC_ASSERT(contacts == expected);
  RC_ASSERT(std::is_sorted(answer.places.begin(), answer.places.end(), [](const PlaceShare& a, const PlaceShare& b) { return a.persons > b.persons; }));
}

}  // namespace
}  // namespace motcua::contacts
