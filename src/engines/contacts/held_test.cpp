// Contacts in memory beside the files they come from: the same contacts, the same answers, and none when a file is damaged.
#include "engines/contacts/held.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "base/prng.hpp"
#include "engines/contacts/folder_in_memory.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/reach.hpp"

namespace motcua::contacts {
namespace {

constexpr Time minute = 60'000;
constexpr Time noon = 1'626'930'000'000;      // 2021-07-22T12:00+07:00

/// 200 persons, 36,000 contacts over five days; on the last one some begin at a millisecond. Half of them were told late, some are far.
void fill(FolderInMemory& folder, Time longest = 3'000 * minute) {
  auto loader = Loader::open(folder, {}).value();
  Prng random(5);
  for (int i = 0; i < 36'000; ++i) {
    const auto a = random.below(200), b = (a + 1 + random.below(199)) % 200;
    Time from = noon + static_cast<Time>(random.below(5)) * day_ms + static_cast<Time>(random.below(600)) * minute;
    if (from >= noon + 4 * day_ms) from += static_cast<Time>(random.below(3)) * 1'001;
    const Time length = i == 7 ? longest : static_cast<Time>(1 + random.below(90)) * minute;
    const std::string owner = "P" + std::to_string(a), other = "P" + std::to_string(b);
    Told told{false, owner, other, {from, from + length}, Kind::proximity};
    if (i % 3 == 0) told.distance_m = 5;
    if (i % 2 == 0) told.recorded = noon + 9 * day_ms;
    ASSERT_TRUE(loader->add(told).ok());
  }
  ASSERT_TRUE(loader->finish().ok());
}

using Line = std::tuple<Person, Time, Time, Time, std::int32_t>;   // other, begin, end, recorded, distance

TEST(Held, ThePersonsContactsAreThoseOfTheFiles) {
  FolderInMemory folder;
  fill(folder);
  const auto graph = Graph::open(folder).value();
  const auto held = HeldContacts::of(*graph);
  ASSERT_TRUE(held);
  std::size_t all = 0;
  for (Person person = 0; person < graph->persons().size(); ++person) {
    const Interval window{noon + static_cast<Time>(person % 5) * day_ms, noon + (2 + static_cast<Time>(person % 4)) * day_ms};
    std::vector<Line> in_files, in_memory;
    for (const auto& day : graph->days())
      day->contacts().each(day->contacts().find(person), [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
        ++all;
        const Time from = day->midnight() + start * day->unit(), to = from + static_cast<Time>(duration) * day->unit();
        if (from < window.to && to > window.from) in_files.emplace_back(other, from, to, day->sayings()[saying].recorded, day->sayings()[saying].distance_cm);
      });
    held->each(person, window, [&](Person other, const Interval& span, std::uint32_t saying) {
      in_memory.emplace_back(other, span.from, span.to, held->sayings()[saying].recorded, held->sayings()[saying].distance_cm);
    });
    EXPECT_EQ(in_memory, in_files) << person;
  }
  EXPECT_EQ(all, 72'000U);
  EXPECT_LE(HeldContacts::bytes_of(*graph), 72'000U * 10);
}

/// Two halves that two threads write, and fields wider than one read.
TEST(Held, ManyAndWide) {
  for (const Time longest : {90 * minute, 20'000 * day_ms}) {
    FolderInMemory folder;
    auto loader = Loader::open(folder, {}).value();
    Prng random(9);
    constexpr int contacts = 600'000, persons = 30'000;
    for (int i = 0; i < contacts; ++i) {
      const auto a = random.below(persons), b = (a + 1 + random.below(persons - 1)) % persons;
      const Time from = noon + static_cast<Time>(random.below(3 * 1'440)) * minute;
      ASSERT_TRUE(loader->add({false, "P" + std::to_string(a), "P" + std::to_string(b), {from, from + (i == 7 ? longest : static_cast<Time>(1 + random.below(90)) * minute)}, Kind::proximity}).ok());
    }
    ASSERT_TRUE(loader->finish().ok());
    const auto graph = Graph::open(folder).value();
    Reach files(*graph, 0), held(*graph);
    ASSERT_TRUE(held.hold());
    for (int i = 0; i < 6; ++i) {
      ReachQuestion q{.seeds = {}, .depth = 1 + i / 2, .direction = i % 2 == 0 ? Direction::forward : Direction::backward, .isolated_at = {}};
      for (Person p = 0; p < 900; ++p) {
        q.seeds.push_back({p * 17, {noon, noon + 3 * day_ms}});
        q.isolated_at[p * 13] = noon + day_ms;
      }
      const auto lines = [&](Reach& reach) {
        std::vector<std::tuple<int, Person, Person, Time, Time, Time>> found;
        for (const ReachedPerson& r : reach.ask(q).reached) found.emplace_back(r.level, r.person, r.via, r.at, r.overlap_total_ms, r.last_at);
        return found;
      };
      EXPECT_EQ(lines(held), lines(files)) << i;
    }
  }
}

TEST(Held, AnswersAreThoseOfTheFiles) {
  FolderInMemory folder;
  fill(folder);
  const auto graph = Graph::open(folder).value();
  Reach files(*graph, 0), held(*graph);
  NearnessTable near{};
  for (Nearness& n : near) n.distance_max_m = 2;
  for (int i = 0; i < 24; ++i) {
    ReachQuestion q{.seeds = {}, .depth = 1 + i % 6, .direction = i % 2 == 0 ? Direction::forward : Direction::backward, .latent_ms = i % 4 * 60 * minute, .isolated_at = {}};
    for (Person p = 0; p < 3; ++p) q.seeds.push_back({static_cast<Person>(i * 7) + p * 2, {noon, noon + (1 + i % 5) * day_ms}});
    if (i % 3 == 0) q.isolated_at[static_cast<Person>(i) + 1] = noon + day_ms;
    if (i % 5 == 0) q.as_of = noon + 8 * day_ms;
    if (i % 7 == 0) q.nearness = near;
    const auto lines = [&](Reach& reach) {
      std::vector<std::tuple<int, Person, Person, Time, Time, Time>> found;
      for (const ReachedPerson& r : reach.ask(q).reached) found.emplace_back(r.level, r.person, r.via, r.at, r.overlap_total_ms, r.last_at);
      return found;
    };
    const auto expected = lines(files);
    EXPECT_FALSE(expected.empty()) << i;
    EXPECT_EQ(lines(held), expected) << i;
  }
}

/// In a block that opening does not read: else the file would be left out.
TEST(Held, NotWhenAFileIsDamaged) {
  FolderInMemory folder;
  fill(folder);
  auto& bytes = *folder.files[Graph::open(folder).value()->days()[1]->file().name()];
  auto graph = Graph::open(folder).value();
  ASSERT_TRUE(HeldContacts::of(*graph));
  bytes[bytes.size() / 2] ^= 1;
  graph = Graph::open(folder).value();
  EXPECT_FALSE(HeldContacts::of(*graph));
  EXPECT_EQ(graph->damaged().size(), 1U);
}

}  // namespace
}  // namespace motcua::contacts
