#include "engines/linkage/home.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace motcua::linkage {
namespace {

FieldParameters with_u(double u_same) { return {.levels = {{.code = "x.same", .m = 0.9, .u = u_same}, {.code = "x.differs", .m = 0.1, .u = 1 - u_same}}}; }

TEST(Home, IsWhatSeveralFieldsSayTogether) {
  const std::vector<MatchField> kinds{{.name = "name", .kind = FieldKind::name}, {.name = "street", .kind = FieldKind::address}, {.name = "city", .kind = FieldKind::text},
                                      {.name = "title", .kind = FieldKind::text}, {.name = "sex", .kind = FieldKind::category}};
  const std::vector<FieldParameters> fields{with_u(0.01), with_u(1e-5), with_u(0.03), with_u(1e-6), with_u(0.5)};
  EXPECT_EQ(find_home(kinds, fields, {true, false, true, false, true}).fields, 0b00110u) << "a street and a city; no title, no sex";
  EXPECT_EQ(find_home(kinds, fields, {true, false, false, false, true}).fields, 0u) << "one field alone counts as it is";
}

TEST(Home, HavingMovedSpeaksAgainstAPersonOnce) {
  const Home home{.fields = 0b111, .moved = 0.05};
  EXPECT_NEAR(home_bits(home, -60), std::log2(0.05), 1e-6) << "however many fields say so";
  EXPECT_NEAR(home_bits(home, 20), 20 + std::log2(0.95), 1e-6);
  for (double sum = -30; sum < 30; ++sum) EXPECT_LT(home_bits(home, sum), home_bits(home, sum + 1));
  EXPECT_LT(stayed(home, -20), 0.001);
  EXPECT_GT(stayed(home, 20), 0.999);
  EXPECT_EQ(home_bits(Home{}, -12.5), -12.5) << "without a home the plain sum";
  EXPECT_EQ(stayed(Home{}, -12.5), 1);
}

TEST(Home, TheShareIsLearnedWithinBounds) {
  EXPECT_NEAR(learn_moved({}), 0.03, 1e-9);
  EXPECT_NEAR(learn_moved({.pairs = 1e6, .moved = 1e5}), 0.1, 1e-3);
  EXPECT_LE(learn_moved({.pairs = 1e6, .moved = 9e5}), 0.25);
  EXPECT_GE(learn_moved({.pairs = 1e9, .moved = 0}), 0.002);
}

}  // namespace
}  // namespace motcua::linkage
