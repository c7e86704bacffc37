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

using Line = std::tuple<std::uint32_t, Person, std::uint32_t, std::uint64_t, std::uint32_t>;   // file, other, start, duration, saying

TEST(Held, ThePersonsContactsAreThoseOfTheFiles) {
  FolderInMemory folder;
  fill(folder);
  const auto graph = Graph::open(folder).value();
  const auto held = HeldContacts::of(*graph);
  ASSERT_TRUE(held);
  std::size_t all = 0;
  for (Person person = 0; person < graph->persons().size(); ++person) {
    std::vector<Line> in_files, in_memory;
    for (std::uint32_t file = 0; file < graph->days().size(); ++file) {
      const Lists& lists = graph->days()[file]->contacts();
      lists.each(lists.find(person), [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) { in_files.emplace_back(file, other, start, duration, saying); });
    }
    for (const auto& c : held->of(person)) in_memory.emplace_back(held->rows()[c.row].file, c.other, c.start, c.duration, held->rows()[c.row].saying);
    EXPECT_EQ(in_memory, in_files) << person;
    all += in_memory.size();
  }
  EXPECT_EQ(all, 72'000U);
  EXPECT_LE(all * sizeof(HeldContacts::Contact), HeldContacts::bytes_of(*graph));
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

TEST(Held, NotWhenALengthIsTooLong) {
  FolderInMemory folder;
  fill(folder, 60 * day_ms + 1);
  const auto graph = Graph::open(folder).value();
  EXPECT_FALSE(HeldContacts::of(*graph));
  const ReachQuestion q{.seeds = {{0, {noon, noon + day_ms}}}, .depth = 9, .isolated_at = {}};
  EXPECT_EQ(Reach(*graph).ask(q).reached.size(), Reach(*graph, 0).ask(q).reached.size());
}

}  // namespace
}  // namespace motcua::contacts
