// Many loads and days forgotten between them: what stays answers as before, whose last fact is gone is gone with it, and new facts find their
// persons again.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "engines/contacts/folder_in_memory.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/memory_source.hpp"
#include "engines/contacts/reach.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/retention.hpp"

namespace motcua::contacts {
namespace {

constexpr Time minute = 60'000;
constexpr Time noon = 1'626'930'000'000;      // 2021-07-22T12:00+07:00

int number(int from, int to) { return *rc::gen::inRange(from, to); }

struct Fact { bool visit; std::string owner, other; Interval span; };

bool contains(const FolderInMemory& folder, const std::string& text) {
  return std::any_of(folder.files.begin(), folder.files.end(), [&](const auto& file) {
    return file.second && std::search(file.second->begin(), file.second->end(), text.begin(), text.end()) != file.second->end();
  });
}

RC_GTEST_PROP(Forget, WhatStaysAnswersAndWhatIsGoneIsGone, ()) {
  FolderInMemory folder;
  std::vector<Fact> facts;
  for (int turn = number(1, 16); turn > 0; --turn) {
    auto loader = Loader::open(folder, {}).value();
    for (int n = number(0, 8); n > 0; --n) {
      const int a = number(0, 40), b = number(0, 40);
      const Time from = noon + number(0, 6) * day_ms + number(0, 300) * minute;
      Fact f{number(0, 3) == 0, "person" + std::to_string(a), "", {from, from + number(1, 300) * minute}};
      f.other = f.visit ? "place" + std::to_string(number(0, 12)) : "person" + std::to_string(b);
      if (f.owner == f.other) continue;
      RC_ASSERT(loader->add({f.visit, f.owner, f.other, f.span}).ok());
      facts.push_back(f);
    }
    RC_ASSERT(loader->finish().ok());
    loader.reset();
    if (number(0, 3) != 0) continue;
    const int day = day_of(noon) + number(0, 7);
    RC_ASSERT(forget_before(folder, day, noon).ok());
    std::erase_if(facts, [&](const Fact& f) { return day_of(f.span.from) < day; });
  }

  MemorySource memory;
  std::set<std::string> persons, places;
  for (const Fact& f : facts) {
    persons.insert(f.owner);
    (f.visit ? places : persons).insert(f.other);
  }
  for (const std::string& id : persons) memory.person(id);      // handles in the order of ids
  for (const Fact& f : facts)
    if (f.visit) memory.add_visit(f.owner, f.other, f.span.from, f.span.to);
    else memory.add_encounter(f.owner, f.other, f.span.from, f.span.to);

  const auto graph = Graph::open(folder).value();
  std::set<std::string> known_persons, known_places;
  RC_ASSERT(graph->persons().all([&](std::uint32_t n, std::string_view id) {
    known_persons.emplace(id);
    RC_ASSERT(graph->persons().text(n).value() == id);
    RC_ASSERT(graph->persons().find(id).value() == n);
  }).ok());
  RC_ASSERT(graph->places().all([&](std::uint32_t, std::string_view id) { known_places.emplace(id); }).ok());
  const bool forgot = folder.files.contains(proof_name);
  if (forgot) RC_ASSERT(std::includes(known_persons.begin(), known_persons.end(), persons.begin(), persons.end()));
  else RC_ASSERT(known_persons == persons && known_places == places);
  RC_ASSERT(graph->manifest().persons.size() <= id_files_max);

  for (const std::string& seed : persons) {
    const Interval window{noon, noon + 4 * day_ms};
    using Line = std::tuple<int, std::string, Time, std::string, Time>;
    std::vector<Line> lines, expected;
    const Answer answer = trace(memory, {.seeds = {{memory.person(seed), window}}, .depth = 3}).value();
    for (const Reached& r : answer.reached) expected.emplace_back(r.level, memory.id_of(r.person), r.at, memory.id_of(r.via), r.overlap_total_ms);
    for (const ReachedPerson& r : Reach(*graph).ask({.seeds = {{graph->persons().find(seed).value().value(), window}}, .depth = 3, .isolated_at = {}}).reached)
      lines.emplace_back(r.level, graph->persons().text(r.person).value(), r.at, graph->persons().text(r.via).value(), r.overlap_total_ms);
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(lines == expected);
  }
}

/// A writer turns to next generations while what it wrote before is folded; a question sees all that was acknowledged at any time.
RC_GTEST_PROP(Fold, WhileTheWriterGoesOn, ()) {
  FolderInMemory folder;
  std::set<std::string> told;
  std::uint64_t turned = 0;
  const auto check = [&] {
    const auto graph = Graph::open(folder).value();
    RC_ASSERT(graph->damaged().empty());
    std::uint64_t contacts = 0;
    for (const auto& day : graph->days()) contacts += day->contacts().size() / 2;
    RC_ASSERT(contacts == told.size());
    RC_ASSERT(graph->persons().count() == (told.empty() ? 0 : told.size() + 1));
  };
  for (int writers = number(1, 4); writers > 0; --writers) {
    auto log = AppendLog::open(folder).value();
    for (int n = number(0, 12); n > 0; --n) {
      const std::string id = "P" + std::to_string(told.size());
      RC_ASSERT(log->add({false, "A", id, {noon + static_cast<Time>(told.size()) * 300 * minute, noon + static_cast<Time>(told.size() + 1) * 300 * minute}}).ok());
      told.insert(id);
      const int then = number(0, 5);
      if (then == 0) turned = log->turn().value();
      else if (then < 4) RC_ASSERT(log->commit().ok());
      if (turned > 0 && then < 4 && number(0, 2) == 0) RC_ASSERT(Loader::fold(folder, {}, std::exchange(turned, 0)).ok());
      if (then < 4) check();
    }
    RC_ASSERT(log->commit().ok());
    turned = 0;
    check();
    if (number(0, 2) == 0) RC_ASSERT(Loader::open(folder, {}).value()->finish().ok());
    check();
  }
}

TEST(Forget, LeavesAProof) {
  FolderInMemory folder;
  {
    auto loader = Loader::open(folder, {}).value();
    ASSERT_TRUE(loader->add({false, "A", "B", {noon, noon + minute}}).ok());
    ASSERT_TRUE(loader->add({false, "A", "C", {noon + day_ms, noon + day_ms + minute}}).ok());
    ASSERT_TRUE(loader->finish().ok());
  }
  const auto first = Graph::open(folder).value()->manifest().days.front();
  const Forgotten done = forget_before(folder, first.day + 1, noon + 30 * day_ms).value();
  EXPECT_EQ(done.files, 1U);
  EXPECT_EQ(done.contacts, 1U);
  EXPECT_FALSE(folder.files.contains(first.file.name));
  const auto proof = folder.map(proof_name).value();
  const std::string text(proof->bytes().begin(), proof->bytes().end());
  EXPECT_TRUE(text.starts_with("2021-07-22," + first.file.name + "," + std::to_string(first.file.size) + "," + to_hex(first.file.hash) + ",1,0,2021-08-21T12:00:00+07:00\n,persons.1,")) << text;
  EXPECT_EQ(done.persons, 1U);
  const auto graph = Graph::open(folder).value();
  EXPECT_TRUE(graph->damaged().empty());
  EXPECT_EQ(graph->days().size(), 1U);
  EXPECT_EQ(forget_before(folder, first.day + 1, noon).value().files, 0U);
}

TEST(Forget, NoByteOfAnIdStays) {
  FolderInMemory folder;
  const auto load = [&](const char* a, const char* b, Time from) {
    auto loader = Loader::open(folder, {}).value();
    EXPECT_TRUE(loader->add({false, a, b, {from, from + minute}}).ok());
    EXPECT_TRUE(loader->add({true, a, std::string("home of ") + a, {from, from + minute}}).ok());
    EXPECT_TRUE(loader->finish().ok());
  };
  load("Anna", "Zoe", noon);
  load("Minh", "Anna", noon + 3 * day_ms);
  ASSERT_TRUE(contains(folder, "Zoe"));
  const Forgotten done = forget_before(folder, day_of(noon) + 1, noon).value();
  EXPECT_EQ(done.persons, 1U);
  EXPECT_EQ(done.places, 1U);
  EXPECT_FALSE(contains(folder, "Zoe"));
  EXPECT_FALSE(contains(folder, "home of A"));
  EXPECT_TRUE(contains(folder, "Minh"));
  load("Zoe", "Minh", noon + 4 * day_ms);
  const auto graph = Graph::open(folder).value();
  EXPECT_EQ(graph->persons().count(), 3U);
  EXPECT_GT(graph->persons().find("Zoe").value().value(), 2U) << "a number that meant somebody is given to nobody else";
}

TEST(Forget, AFailureAnywhereLeavesAGraph) {
  for (int steps = 0; steps < 30; ++steps) {
    FolderInMemory folder;
    {
      auto loader = Loader::open(folder, {}).value();
      for (int i = 0; i < 4; ++i) ASSERT_TRUE(loader->add({false, "A", "P" + std::to_string(i), {noon + i * day_ms, noon + i * day_ms + minute}}).ok());
      ASSERT_TRUE(loader->finish().ok());
    }
    folder.steps_left = steps;
    const bool done = forget_before(folder, day_of(noon) + 2, noon).ok();
    folder.steps_left = -1;
    const auto graph = Graph::open(folder).value();
    EXPECT_TRUE(graph->damaged().empty()) << steps;
    EXPECT_TRUE(graph->days().size() == 4 || graph->days().size() == 2) << steps;
    EXPECT_TRUE(!done || graph->days().size() == 2U) << steps;
    EXPECT_EQ(graph->persons().count(), graph->days().size() + 1) << steps;
  }
}

}  // namespace
}  // namespace motcua::contacts
