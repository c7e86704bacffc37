// In whatever order records, corrections and decisions come, an Index holds the persons that `link` finds for all of them at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/prng.hpp"
#include "engines/linkage/linkage.hpp"
#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

using Partition = std::map<std::string, std::string>;   // key of a record -> smallest key of its person

template <class PersonOf>
Partition partition_of(const std::vector<std::string>& keys, const PersonOf& person_of) {
  std::map<std::int64_t, std::string> first;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto [at, fresh] = first.emplace(person_of(i), keys[i]);
    if (!fresh) at->second = std::min(at->second, keys[i]);
  }
  Partition p;
  for (std::size_t i = 0; i < keys.size(); ++i) p[keys[i]] = first.at(person_of(i));
  return p;
}

std::vector<std::string> keys_of(const std::vector<PersonRecord>& records) {
  std::vector<std::string> keys;
  for (const auto& r : records) keys.push_back(r.key);
  return keys;
}

Partition of_index(const Index& index, const std::vector<PersonRecord>& records) {
  const auto keys = keys_of(records);
  return partition_of(keys, [&](std::size_t i) {
    const RecordIndex r = index.find(keys[i]);
    return index.person_of(r) == -1 ? -1'000'000 - static_cast<std::int64_t>(r) : index.person_of(r);
  });
}

Partition of_batch(const std::vector<PersonRecord>& records, const Model& model, const std::vector<Index::Decision>& decisions = {}) {
  const RecordSet set = to_set(records);
  std::map<std::string, RecordIndex> at;
  for (RecordIndex r = 0; r < set.size(); ++r) at[std::string(set.key(r))] = r;
  LinkInput input;
  for (const auto& d : decisions) (d.same ? input.must_link : input.cannot_link).emplace_back(at.at(d.key_a), at.at(d.key_b));
  const LinkResult result = link(set, model, input);
  return partition_of(keys_of(records), [&](std::size_t i) { return std::int64_t{result.person_of[i]}; });
}

std::size_t persons_in(const Partition& p) {
  std::set<std::string> persons;
  for (const auto& [key, person] : p) persons.insert(person);
  return persons.size();
}

std::size_t differences(const Partition& a, const Partition& b) {
  EXPECT_LT(persons_in(a), a.size() * 2 / 3) << "hardly anybody was linked: nothing is shown";
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const auto& e) { return b.at(e.first) != e.second; }));
}

/// Gives new persons numbers, as a caller does.
class Numbering {
 public:
  void take(Index& index, const Index::Changes& changes) {
    for (const auto& c : changes.changed)
      if (c.after < -1) index.rename(c.after, next_++);
  }

 private:
  std::int64_t next_ = 0;
};

void add_in_parts(Index& index, Numbering& numbering, std::span<const PersonRecord> records, Prng& rng) {
  for (std::size_t from = 0; from < records.size();) {
    const std::size_t some = std::min<std::size_t>(records.size() - from, 1 + rng.below(rng.chance(0.2) ? 200 : 8));
    numbering.take(index, index.add(records.subspan(from, some)));
    from += some;
  }
}

/// Many of one name, one house, one phone: blocks that are too large to be compared whole.
void crowd(std::vector<PersonRecord>& records, Prng& rng) {
  for (PersonRecord& r : records) {
    if (rng.chance(0.15)) r.full_name = "Nguyễn Thị Hương", r.birth.year = 1990;
    if (rng.chance(0.08)) r.ward_code = "26734", r.birth = {1990, 5, 5}, r.full_name = "Nguyễn Thị Hương";
  }
}

TEST(IndexProperties, AnyOrderInAnyPartsGivesWhatTheBatchGives) {
  for (const std::uint64_t seed : {31, 32, 33, 34, 35, 36}) {
    Town town = make_town({.people = 260, .seed = seed, .noise = seed % 3 == 0 ? 2.0 : 1.0});
    Prng rng(seed);
    if (seed % 2 == 0) crowd(town.records, rng);
    const Model model = learn(to_set(town.records));
    rng.shuffle(town.records);
    Index index(model);
    Numbering numbering;
    add_in_parts(index, numbering, town.records, rng);
    EXPECT_EQ(differences(of_batch(town.records, model), of_index(index, town.records)), 0u) << "seed " << seed << " of " << town.records.size();
  }
}

TEST(IndexProperties, CorrectedRecordsTakeThePlaceOfTheirEarlierVersions) {
  for (const std::uint64_t seed : {41, 42, 43}) {
    Town town = make_town({.people = 200, .seed = seed});
    Prng rng(seed);
    if (seed == 42) crowd(town.records, rng);
    const Model model = learn(to_set(town.records));
    std::vector<PersonRecord> first = town.records;
    for (PersonRecord& r : first) {   // as they came: some with somebody else's phone, name or birth
      if (!rng.chance(0.25)) continue;
      const PersonRecord& other = town.records[rng.below(town.records.size())];
      if (rng.chance(0.5)) r.phones = other.phones;
      if (rng.chance(0.3)) r.full_name = other.full_name, r.birth = other.birth;
      if (rng.chance(0.3)) r.id_number = other.id_number;
    }
    rng.shuffle(first);
    Index index(model);
    Numbering numbering;
    add_in_parts(index, numbering, first, rng);
    ASSERT_EQ(differences(of_batch(first, model), of_index(index, first)), 0u) << "seed " << seed;
    rng.shuffle(town.records);
    add_in_parts(index, numbering, town.records, rng);
    EXPECT_EQ(index.size(), town.records.size());
    EXPECT_EQ(differences(of_batch(town.records, model), of_index(index, town.records)), 0u) << "seed " << seed;
  }
}

TEST(IndexProperties, DecisionsHoldWheneverTheyComeAndAreGoneWhenReleased) {
  for (const std::uint64_t seed : {51, 52, 53}) {
    Town town = make_town({.people = 200, .seed = seed});
    Prng rng(seed);
    const RecordSet set = to_set(town.records);
    const Model model = learn(set);
    const LinkResult free = link(set, model);
    std::vector<Index::Decision> decisions;
    for (int i = 0; i < 25; ++i) {
      const auto r = static_cast<RecordIndex>(rng.below(set.size())), s = static_cast<RecordIndex>(rng.below(set.size()));
      if (free.best[r].a != no_record) decisions.push_back({std::string(set.key(free.best[r].a)), std::string(set.key(free.best[r].b)), false});
      if (i % 5 == 0 && r != s) decisions.push_back({std::string(set.key(r)), std::string(set.key(s)), true});
    }
    rng.shuffle(town.records);
    Index index(model);
    Numbering numbering;
    const std::size_t half = town.records.size() / 2;
    add_in_parts(index, numbering, std::span(town.records).first(half), rng);
    index.constrain(decisions);
    add_in_parts(index, numbering, std::span(town.records).subspan(half), rng);
    EXPECT_EQ(differences(of_batch(town.records, model, decisions), of_index(index, town.records)), 0u) << "seed " << seed;

    index.constrain({});
    numbering.take(index, index.add({}));
    EXPECT_EQ(differences(of_batch(town.records, model), of_index(index, town.records)), 0u) << "seed " << seed << " released";
  }
}

std::string image_of(Index& index, std::string_view note) {
  std::string bytes;
  EXPECT_TRUE(index.save([&](std::span<const std::byte> piece) { bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size()); return true; }, note));
  return bytes;
}

Result<Index::Restored> restore(std::string_view bytes) {
  std::size_t at = 0;
  return Index::restore([&](std::span<std::byte> piece) {
    if (bytes.size() - at < piece.size()) return false;
    std::copy_n(bytes.data() + at, piece.size(), reinterpret_cast<char*>(piece.data()));
    at += piece.size();
    return true;
  }, bytes.size());
}

TEST(IndexImage, ARestoredIndexGoesOnWhereTheOtherStood) {
  Town town = make_town({.people = 250, .seed = 61});
  Prng rng(61);
  crowd(town.records, rng);
  const Model model = learn(to_set(town.records));
  rng.shuffle(town.records);
  const std::size_t half = town.records.size() / 2;
  Index index(model);
  Numbering numbering;
  add_in_parts(index, numbering, std::span(town.records).first(half), rng);
  const std::vector<Index::Decision> decisions{{town.records[0].key, town.records[1].key, true}, {town.records[2].key, town.records.back().key, false}};
  index.constrain(decisions);
  auto restored = restore(image_of(index, "as of 17"));
  ASSERT_TRUE(restored) << restored.failure().detail;
  EXPECT_EQ(restored->note, "as of 17");
  Index& other = restored->index;
  EXPECT_EQ(other.size(), index.size());
  for (const PersonRecord& r : town.records) {
    const auto a = index.resolve(r), b = other.resolve(r);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) { ASSERT_EQ(a[i].person, b[i].person); ASSERT_EQ(a[i].pair.bits, b[i].pair.bits); }
  }
  add_in_parts(other, numbering, std::span(town.records).subspan(half), rng);
  EXPECT_EQ(differences(of_batch(town.records, model, decisions), of_index(other, town.records)), 0u);
}

TEST(IndexImage, DamagedOnesAreRefused) {
  const Town town = make_town({.people = 30, .seed = 62});
  Index index{Model()};
  index.load(town.records, {});
  const std::string image = image_of(index, "note");
  ASSERT_TRUE(restore(image));
  for (std::size_t cut = 0; cut < image.size(); cut += 1 + image.size() / 97)
    EXPECT_EQ(restore(std::string_view(image).substr(0, cut)).failure().code, "linkage.image_unreadable") << cut;
  Prng rng(3);
  for (int i = 0; i < 200; ++i) {
    std::string altered = image;
    altered[rng.below(altered.size())] ^= static_cast<char>(1 << rng.below(8));
    EXPECT_EQ(restore(altered).failure().code, "linkage.image_unreadable") << i;
  }
  EXPECT_FALSE(restore(image + "x"));
  EXPECT_EQ(index.save([](std::span<const std::byte>) { return false; }, "").failure().code, "linkage.image_not_written");
}

TEST(Index, AQuestionLeavesNothingBehind) {
  const Town town = make_town({.people = 50, .seed = 63});
  Index index{Model()};
  index.load(town.records, {});
  index.resolve(town.records[0]);
  const std::string before = image_of(index, "");
  for (int i = 0; i < 100; ++i)
    index.resolve({.full_name = "Người Lạ Số " + std::to_string(i), .birth = {1900 + i, 1, 2}, .phones = {{"+8490000" + std::to_string(1000 + i)}}, .id_number = std::to_string(790000000000 + i), .address = "12/3 phố lạ " + std::to_string(i)});
  EXPECT_TRUE(image_of(index, "") == before);
}

TEST(Index, TwentyThousandCopiesAreWorkedInPart) {
  Options options;
  options.worked_records_max = 500;
  Index index(Model(), options);
  std::vector<PersonRecord> records;
  for (int i = 0; i < 20'000; ++i)
    records.push_back({.key = "ncovi:" + std::to_string(i), .source = "ncovi", .full_name = "Nguyễn Văn An", .birth = {1990, 1, 1}, .phones = {{"+84901234567"}}, .ward_code = "26734"});
  index.load(records, {});
  constexpr std::uint64_t neighbours = 16;
  std::uint64_t worked = 0;
  for (int i = 0; i < 3; ++i) {
    PersonRecord late = records[0];
    late.key = "ncovi:late-" + std::to_string(i);
    worked = std::max(worked, index.add(std::vector{late}).pairs_scored);
  }
  EXPECT_LE(worked, 700u * 3 * neighbours);
  EXPECT_LE(index.resolve(records[5]).size(), 10u);
}

}  // namespace
}  // namespace motcua::linkage::test
