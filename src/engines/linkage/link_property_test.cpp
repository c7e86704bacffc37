// What must hold for any records: order does not matter, comparison is symmetric, decisions of people are law, explanations add up.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/prng.hpp"
#include "engines/linkage/linkage.hpp"
#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

TEST(LinkProperties, OrderOfRecordsDoesNotMatter) {
  for (const std::uint64_t seed : {21, 22}) {
    Town town = make_town({.people = 400, .seed = seed});
    std::vector<std::size_t> order(town.records.size());
    std::iota(order.begin(), order.end(), 0);
    const RecordSet first = to_set(town.records);
    const Model model = learn(first);
    const LinkResult a = link(first, model);
    Prng(seed).shuffle(order);
    std::vector<PersonRecord> shuffled;
    for (const std::size_t i : order) shuffled.push_back(town.records[i]);
    const RecordSet second = to_set(shuffled);
    EXPECT_TRUE(learn(second).to_json() == model.to_json());
    const LinkResult b = link(second, model);
    for (std::size_t i = 0; i < order.size(); ++i) {
      ASSERT_EQ(b.person_of[i], a.person_of[order[i]]);
      ASSERT_EQ(b.confidence[i], a.confidence[order[i]]);
    }
    ASSERT_EQ(a.review.size(), b.review.size());
    for (std::size_t i = 0; i < a.review.size(); ++i) ASSERT_EQ(first.key(a.review[i].a), second.key(b.review[i].a));
  }
}

TEST(LinkProperties, EvidenceIsSymmetricAndAddsUp) {
  const Town town = make_town({.people = 200, .seed = 23, .noise = 2});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  Prng rng(1);
  for (int i = 0; i < 100; ++i) {
    const auto a = static_cast<RecordIndex>(rng.below(set.size())), b = static_cast<RecordIndex>(rng.below(set.size()));
    if (a == b) continue;
    const Explanation x = explain(set, model, a, b), y = explain(set, model, b, a);
    ASSERT_EQ(x.bits, y.bits);
    ASSERT_EQ(x.veto, y.veto);
    if (x.veto == "veto.no_name") continue;
    double sum = x.prior_bits;
    for (const Evidence& e : x.evidence) sum += e.bits;
    ASSERT_NEAR(sum, x.bits, 1e-9);
    ASSERT_NEAR(x.probability, 1 / (1 + std::exp2(-x.bits)), 1e-12);
  }
}

TEST(LinkProperties, ParallelGivesTheSameAnswer) {
  const Town town = make_town({.people = 300, .seed = 24});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  Options backwards;
  backwards.parallel_for = [](std::size_t n, const std::function<void(std::size_t)>& body) { while (n > 0) body(--n); };
  EXPECT_EQ(link(set, model).person_of, link(set, model, {}, backwards).person_of);
}

TEST(LinkProperties, DecisionsOfPeopleAreLaw) {
  const Town town = make_town({.people = 300, .seed = 25});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  const LinkResult free = link(set, model);
  Prng rng(3);
  LinkInput input;
  for (int i = 0; i < 40; ++i) {
    const auto r = static_cast<RecordIndex>(rng.below(set.size())), s = static_cast<RecordIndex>(rng.below(set.size()));
    if (free.best[r].a != no_record) input.cannot_link.emplace_back(free.best[r].a, free.best[r].b);
    if (r != s && free.person_of[r] != free.person_of[s]) input.must_link.emplace_back(r, s);
  }
  const LinkResult bound = link(set, model, input);
  const LinkResult together = link(set, model, {.must_link = input.must_link});
  for (const auto& [a, b] : input.must_link) EXPECT_EQ(together.person_of[a], together.person_of[b]);
  for (const auto& [a, b] : input.cannot_link) {
    const bool forced = std::any_of(input.must_link.begin(), input.must_link.end(), [&](const auto& m) {
      return bound.person_of[m.first] == bound.person_of[a];
    });
    if (!forced) { EXPECT_NE(bound.person_of[a], bound.person_of[b]); }
    for (const ScoredPair& p : bound.review) EXPECT_FALSE((p.a == a && p.b == b) || (p.a == b && p.b == a));
  }
}

TEST(LinkProperties, NoPersonHoldsTwoRecordsOfACleanRegister) {
  Town town = make_town({.people = 400, .seed = 26, .noise = 2});
  for (PersonRecord& r : town.records) r.phones = {{"+84901234567", true}};   // one phone for the whole town
  const RecordSet set = to_set(town.records);
  const LinkResult result = link(set, learn(set));
  std::vector<int> residents(result.statistics.persons, 0);
  for (RecordIndex r = 0; r < set.size(); ++r)
    if (town.records[r].source == "residents") { EXPECT_EQ(++residents[result.person_of[r]], 1); }
}

TEST(LinkProperties, PersonsKeepTheirIdentity) {
  const Town town = make_town({.people = 200, .seed = 27});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  const LinkResult first = link(set, model);
  std::vector<std::int64_t> previous;
  for (const std::uint32_t p : first.person_of) previous.push_back(1000 + p);
  const LinkResult again = link(set, model, {.previous_person = previous});
  for (RecordIndex r = 0; r < set.size(); ++r) EXPECT_EQ(again.keeps[again.person_of[r]], previous[r]);
}

TEST(LinkProperties, ASavedModelScoresLikeTheOneItCameFrom) {
  const Town town = make_town({.people = 200, .seed = 28});
  const RecordSet set = to_set(town.records);
  const Model model = learn(set);
  const auto loaded = Model::from_json(model.to_json());
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(loaded->to_json() == model.to_json());
  EXPECT_EQ(explain(set, *loaded, 0, 1).bits, explain(set, model, 0, 1).bits);
  for (const char* text : {"", "{", "[]", "{\"version\":2}", "{\"version\":1,\"prior\":2}", "null"}) EXPECT_FALSE(Model::from_json(text).ok()) << text;
}

TEST(LinkProperties, OddInputEndsQuickly) {
  EXPECT_EQ(link(RecordSet(), Model()).statistics.persons, 0u);
  RecordSet one;
  one.add({.key = "a:1"});
  EXPECT_EQ(link(one, learn(one)).statistics.persons, 1u);
  RecordSet same;
  for (int i = 0; i < 10000; ++i)
    same.add({.key = "a:" + std::to_string(i), .source = "a", .full_name = "Nguyễn Văn An", .birth = {1990, 1, 1}, .phones = {{"+84901234567"}}});
  const LinkResult copies = link(same, learn(same));
  EXPECT_LT(copies.statistics.pairs_scored, 2'000'000u);
  RecordSet strange;
  strange.add({.key = "a:1", .source = "a", .full_name = std::string("\xff\xfe\x00 \xc3", 5), .id_number = "79", .address = std::string(100000, 'x')});
  strange.add({.key = "a:2", .source = "a", .full_name = std::string(5000, 'a'), .birth = {1850, 0, 0}, .address = "////"});
  EXPECT_EQ(link(strange, learn(strange)).statistics.persons, 2u);
}

}  // namespace
}  // namespace motcua::linkage::test
