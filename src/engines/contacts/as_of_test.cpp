// What a stored fact says beyond who, where and when: kind, closeness, seat; and what was known at a past moment. Random worlds, told in
// several loads and logs with corrections, beside trace() over just those facts that were known.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>

#include "engines/contacts/folder_in_memory.hpp"
#include "engines/contacts/graph_source.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/memory_source.hpp"
#include "engines/contacts/reach.hpp"

namespace motcua::contacts {
namespace {

constexpr Time minute = 60'000;
constexpr Time noon = 1'626'930'000'000;      // 2021-07-22T12:00+07:00

int number(int from, int to) { return *rc::gen::inRange(from, to); }
std::string letter(char first, int n) { return std::string(1, static_cast<char>(first + n)); }
Time moment() { return noon + number(0, 6) * day_ms; }

/// A fact with texts of its own.
struct Fact {
  std::string owner, other;
  Told told;
  Time withdrawn = never;
  Told view() const {
    Told t = told;
    t.owner = owner, t.other = other;
    return t;
  }
  bool same_as(const Fact& f) const {
    const bool turned = !told.visit && owner == f.other && other == f.owner;
    return told.visit == f.told.visit && told.span == f.told.span && (turned || (owner == f.owner && other == f.other));
  }
};

Fact some_fact() {
  Fact f;
  f.told.visit = number(0, 2) == 0;
  const int a = number(0, 7);
  f.owner = letter('A', a);
  f.other = f.told.visit ? letter('x', number(0, 2)) : letter('A', (a + number(1, 7)) % 7);
  const Time from = noon + number(0, 30) * 30 * minute;
  f.told.span = {from, from + number(1, 200) * minute};
  f.told.kind = static_cast<Kind>(f.told.visit ? number(0, 7) : number(7, 10));
  if (f.told.visit && number(0, 2) == 0) f.told.seat = {static_cast<std::int16_t>(number(1, 9)), 'B'};
  if (!f.told.visit && number(0, 2) == 0) f.told.distance_m = static_cast<float>(number(0, 500)) / 100;
  f.told.both_masked = !f.told.visit && number(0, 4) == 0;
  return f;
}

/// Tells facts and takes some back, by loads and by the log; what is true of each stands in `facts`.
std::vector<Fact> fill(FolderInMemory& folder) {
  std::vector<Fact> facts;
  for (int turn = number(1, 5); turn > 0; --turn) {
    const Time now = number(0, 4) == 0 ? since_ever : moment();
    std::vector<Fact> told;
    for (int n = number(0, 14); n > 0; --n) {
      const bool takes_back = now != since_ever && !facts.empty() && number(0, 4) == 0;
      Fact f = takes_back ? facts[static_cast<std::size_t>(number(0, static_cast<int>(facts.size())))] : some_fact();
      f.told.recorded = now;
      f.told.withdraws = takes_back;
      f.withdrawn = never;
      if (takes_back && !f.told.visit && number(0, 2) == 0) std::swap(f.owner, f.other);
      if (takes_back) {
        for (Fact& known : facts)
          if (known.same_as(f) && known.withdrawn == never) known.withdrawn = now;
      } else {
        facts.push_back(f);
      }
      told.push_back(f);
    }
    if (number(0, 2) == 0) {
      auto log = AppendLog::open(folder).value();
      for (const Fact& f : told) RC_ASSERT(log->add(f.view()).ok());
      RC_ASSERT(log->commit().ok());
    } else {
      LoadLimits limits;
      limits.facts_in_memory_max = static_cast<std::size_t>(number(2, 40));
      limits.facts_a_file_max = static_cast<std::size_t>(number(1, 30));
      auto loader = Loader::open(folder, limits).value();
      for (const Fact& f : told) RC_ASSERT(loader->add(f.view()).ok());
      RC_ASSERT(loader->finish().ok());
    }
  }
  return facts;
}

void tell(MemorySource& memory, const Fact& f) {
  const std::string seat = f.told.seat.row == 0 ? "" : std::to_string(f.told.seat.row) + f.told.seat.letter;
  if (f.told.visit) memory.add_visit(f.owner, f.other, f.told.span.from, f.told.span.to, f.told.kind, seat);
  else memory.add_encounter(f.owner, f.other, f.told.span.from, f.told.span.to, f.told.kind, f.told.distance_m, f.told.both_masked);
}

using Line = std::tuple<int, std::string, Time, std::string, Time>;   // level, person, at, via, minutes together

/// Everything of an answer that names a person, place, seat, kind or distance.
template <class Person, class Place>
std::vector<std::string> describe(const Answer& answer, const Person& person, const Place& place) {
  std::vector<std::string> lines;
  for (const Reached& r : answer.reached) {
    std::string line = person(r.person) + " " + std::to_string(r.level) + " " + std::to_string(r.at) + " " + person(r.via) + " " + std::to_string(r.overlap_total_ms) + " " +
                       std::to_string(r.kinds) + " " + std::to_string(r.contacts) + " " + std::to_string(r.strength);
    for (const Step& s : answer.chain(r.strongest))
      line += " | " + person(s.from) + person(s.to) + std::to_string(s.overlap.from) + std::string(to_text(s.kind)) + (s.place == no_place ? "-" : place(s.place)) +
              std::to_string(s.from_seat.row) + "/" + std::to_string(s.to_seat.row) + "/" + std::to_string(s.distance_m) + "/" + std::to_string(s.crowd);
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

RC_GTEST_PROP(AsOf, WhatWasKnownThenAndHowNearItWas, ()) {
  FolderInMemory folder;
  const auto facts = fill(folder);
  const Time as_of = number(0, 3) == 0 ? known_now : moment() + number(-1, 2);
  MemorySource memory;
  for (int i = 0; i < 7; ++i) memory.person(letter('A', i));
  for (const Fact& f : facts)
    if (f.told.recorded <= as_of && as_of < f.withdrawn) tell(memory, f);

  Question q;
  q.depth = number(1, 5);
  q.direction = number(0, 2) == 0 ? Direction::forward : Direction::backward;
  q.rules.overlap_min_ms = number(0, 2) * 20 * minute;
  for (Nearness& n : q.rules.nearness) n = {number(0, 500) / 100.0, number(0, 6), static_cast<float>(number(1, 100)) / 100, static_cast<float>(number(1, 50))};
  const Interval window{noon, noon + number(1, 40) * 30 * minute};
  const std::string seed = letter('A', number(0, 7));
  q.seeds = {{memory.person(seed), window}};
  const Answer expected = trace(memory, q).value();

  const auto graph = Graph::open(folder).value();
  RC_ASSERT(graph->damaged().empty());
  const auto known = graph->persons().find(seed).value();
  if (!known) return;
  const auto name = [&](Person p) { return graph->persons().text(p).value(); };
  Question on_graph = q;
  on_graph.seeds[0].person = *known;
  GraphSource source(*graph, as_of);
  RC_ASSERT(describe(trace(source, on_graph).value(), name, [&](Place p) { return graph->places().text(p).value(); }) ==
            describe(expected, [&](Person p) { return memory.id_of(p); }, [&](Place p) { return memory.place_id(p); }));

  ReachQuestion r{.seeds = on_graph.seeds, .depth = q.depth, .direction = q.direction, .overlap_min_ms = q.rules.overlap_min_ms, .isolated_at = {}, .as_of = as_of, .nearness = q.rules.nearness};
  if (std::any_of(facts.begin(), facts.end(), [](const Fact& f) { return f.told.both_masked; })) return;   // trace() asks less of masked ones
  std::vector<Line> lines, wanted;
  for (const ReachedPerson& p : Reach(*graph).ask(r).reached) lines.emplace_back(p.level, name(p.person), p.at, name(p.via), p.overlap_total_ms);
  for (const Reached& p : expected.reached) wanted.emplace_back(p.level, memory.id_of(p.person), p.at, memory.id_of(p.via), p.overlap_total_ms);
  std::sort(wanted.begin(), wanted.end());
  RC_ASSERT(lines == wanted);
}

TEST(AsOf, WhatAllFactsSayCostsNothing) {
  const auto bytes = [](bool said) {
    FolderInMemory folder;
    auto loader = Loader::open(folder, {}).value();
    for (int i = 0; i < 4'000; ++i) {
      Told fact{false, "A", "B", {noon + i * minute / 10, noon + (i + 1) * minute}, Kind::encounter};
      if (said) fact.kind = Kind::household, fact.recorded = noon + day_ms, fact.distance_m = 1.5F;
      EXPECT_TRUE(loader->add(fact).ok());
    }
    EXPECT_TRUE(loader->finish().ok());
    std::size_t sum = 0;
    for (const auto& [name, file] : folder.files) sum += file ? file->size() : 0;
    return sum;
  };
  EXPECT_EQ(bytes(true), bytes(false));
}

TEST(AsOf, TakenBackAndToldAnew) {
  FolderInMemory folder;
  const Interval lunch{noon, noon + 30 * minute};
  const auto told = [&](Time recorded, bool withdraws, Kind kind) {
    auto loader = Loader::open(folder, {}).value();
    Told fact{false, "A", "B", lunch, kind};
    fact.recorded = recorded, fact.withdraws = withdraws;
    EXPECT_TRUE(loader->add(fact).ok());
    return loader->finish().value();
  };
  EXPECT_EQ(told(noon + day_ms, false, Kind::work).withdrawn, 0U);
  EXPECT_EQ(told(noon + 2 * day_ms, true, Kind::encounter).withdrawn, 1U);
  EXPECT_EQ(told(noon + 2 * day_ms, true, Kind::encounter).withdrawn, 0U) << "there is nothing left to take back";
  told(noon + 3 * day_ms, false, Kind::school);
  const auto graph = Graph::open(folder).value();
  const std::vector<std::pair<Time, int>> expected = {{noon, 0}, {noon + day_ms, 1}, {noon + 2 * day_ms - 1, 1}, {noon + 2 * day_ms, 0}, {noon + 3 * day_ms, 1}, {known_now, 1}};
  for (const auto& [as_of, reached] : expected) {
    ReachQuestion q{.seeds = {{graph->persons().find("A").value().value(), {noon, noon + day_ms}}}, .isolated_at = {}, .as_of = as_of};
    EXPECT_EQ(Reach(*graph).ask(q).reached.size(), static_cast<std::size_t>(reached)) << as_of;
  }
}

}  // namespace
}  // namespace motcua::contacts
