#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engines/linkage/linkage.hpp"
#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

/// Partition as sorted keys per person, so that numbering does not matter.
using Partition = std::map<std::string, std::string>;   // key of record -> smallest key of its person
template <class PersonOf>
Partition partition_of(const RecordSet& set, const PersonOf& person_of) {
  std::map<std::int64_t, std::string> first;
  for (RecordIndex r = 0; r < set.size(); ++r) {
    auto [at, fresh] = first.emplace(person_of(r), set.key(r));
    if (!fresh && set.key(r) < at->second) at->second = set.key(r);
  }
  Partition p;
  for (RecordIndex r = 0; r < set.size(); ++r) p[std::string(set.key(r))] = first.at(person_of(r));
  return p;
}

std::size_t differences(const Partition& a, const Partition& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const auto& e) { return b.at(e.first) != e.second; }));
}

TEST(Index, AddingInPartsGivesWhatTheBatchGives) {
  for (const std::uint64_t seed : {11, 12, 13}) {
    const Town town = make_town({.people = 300, .seed = seed});
    const RecordSet set = to_set(town.records);
    const Model model = learn(set);
    const LinkResult batch = link(set, model);
    Index index(model);
    std::int64_t next = 0;
    for (std::size_t from = 0, step = 1; from < town.records.size(); from += step, step = step * 2 % 97 + 1) {
      const auto part = std::span(town.records).subspan(from, std::min(step, town.records.size() - from));
      for (const auto& change : index.add(part).changed)
        if (change.after < -1) index.rename(change.after, next++);
    }
    const auto by_batch = partition_of(set, [&](RecordIndex r) { return std::int64_t{batch.person_of[r]}; });
    const auto by_index = partition_of(index.records(), [&](RecordIndex r) { return index.person_of(r); });
    EXPECT_EQ(differences(by_batch, by_index), 0u) << "seed " << seed << " of " << set.size();
  }
}

TEST(Index, LoadedPersonsKeepTheirNumbers) {
  const Town town = make_town({.people = 200, .seed = 5});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  const LinkResult batch = link(set, model);
  const std::size_t known = town.records.size() - 50;
  std::vector<std::int64_t> person(batch.person_of.begin(), batch.person_of.begin() + static_cast<std::ptrdiff_t>(known));
  Index index(model);
  index.load(std::span(town.records).first(known), person);
  const auto changes = index.add(std::span(town.records).subspan(known));
  std::size_t moved = 0;
  for (const auto& c : changes.changed) moved += c.record < known;
  EXPECT_LE(moved, 12u);                       // a new record may bring two persons together
  for (const auto& c : changes.changed)
    if (c.record >= known && c.after >= 0) { EXPECT_EQ(c.before, -1); }
  EXPECT_LT(changes.records_worked, known * 3 / 4);   // a town of 200 is one neighbourhood
}

TEST(Index, AnswersWhoIsThis) {
  PersonRecord an{.key = "residents:1", .source = "residents", .one_per_person = true, .full_name = "Nguyễn Văn An", .birth = {1987, 3, 2}, .sex = Sex::male,
                  .phones = {{"+84938000204", true}}, .id_number = "079087000123"};
  PersonRecord binh{.key = "residents:2", .source = "residents", .one_per_person = true, .full_name = "Trần Thị Bình", .birth = {1990, 7, 15}, .sex = Sex::female,
                    .phones = {{"+84938000205", true}}, .id_number = "079190000456"};
  Index index{Model()};
  const std::vector<std::int64_t> persons = {70, 71};
  index.load(std::vector{an, binh}, persons);
  struct Case { PersonRecord query; std::int64_t person; };
  for (const Case& c : {Case{{.phones = {{"+84938000205"}}}, 71}, Case{{.id_number = "079087000123"}, 70}, Case{{.full_name = "tran thi binh", .birth = {1990, 0, 0}}, 71},
                        Case{{.full_name = "NGUYEN AN", .birth = {1987, 3, 2}}, 70}}) {
    const auto matches = index.resolve(c.query);
    ASSERT_FALSE(matches.empty()) << c.query.full_name;
    EXPECT_EQ(matches[0].person, c.person);
    double sum = matches[0].explanation.prior_bits;
    for (const Evidence& e : matches[0].explanation.evidence) sum += e.bits;
    EXPECT_NEAR(sum, matches[0].explanation.bits, 1e-9);
  }
  EXPECT_TRUE(index.resolve({.phones = {{"+84999999999"}}}).empty());
}

TEST(Index, HumanDecisionsHold) {
  const Town town = make_town({.people = 150, .seed = 6});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  const LinkResult free = link(set, model);
  RecordIndex a = no_record, b = no_record;
  for (RecordIndex r = 0; r < set.size() && a == no_record; ++r)
    if (free.best[r].a != no_record && free.best[r].bits > 10) { a = free.best[r].a; b = free.best[r].b; }
  ASSERT_NE(a, no_record);
  Index index(model);
  const std::size_t known = std::max(a, b) + 1;
  index.load(std::span(town.records).first(known), {});
  index.constrain({{std::string(set.key(a)), std::string(set.key(b)), false}});
  index.add(std::span(town.records).subspan(known));
  EXPECT_TRUE(index.person_of(a) != index.person_of(b) || index.person_of(a) == -1);
}

}  // namespace
}  // namespace motcua::linkage::test
