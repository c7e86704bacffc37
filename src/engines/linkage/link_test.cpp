#include "engines/linkage/linkage.hpp"

#include <gtest/gtest.h>

#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

struct Case { const char* name; TownOptions town; double f1_min, false_share_max; };

TEST(LinkTown, FindsPersonsAndHardlyEverMergesTwo) {
  for (const Case& c : {Case{"clean", {2000, 1, 0}, 0.985, 0.005}, Case{"usual", {2000, 2, 1}, 0.97, 0.005}, Case{"worse", {2000, 3, 2}, 0.93, 0.01}}) {
    const Town town = make_town(c.town);
    const RecordSet set = to_set(town.records);
    const LinkResult result = link(set, learn(set));
    const Accuracy a = accuracy_of(result.person_of, town.truth);
    std::printf("%-6s records %zu pairs %lu precision %.4f recall %.4f f1 %.4f review %zu refused %lu\n", c.name, set.size(), result.statistics.pairs_scored, a.precision, a.recall, a.f1,
                result.review.size(), result.statistics.vetoed);
    EXPECT_GE(a.f1, c.f1_min) << c.name;
    EXPECT_LE(1 - a.precision, c.false_share_max) << c.name;
  }
}

}  // namespace
}  // namespace motcua::linkage::test
