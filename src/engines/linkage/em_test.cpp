#include "engines/linkage/em.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engines/linkage/synthetic_town.hpp"

namespace motcua::linkage::test {
namespace {

double sum_of(const FieldParameters& field, double LevelParameters::*value) {
  double sum = 0;
  for (const LevelParameters& level : field.levels) sum += level.*value;
  return sum;
}

TEST(Em, WhatTheGuardTookFromMIsGivenToU) {
  const std::vector<FieldParameters> start{{"id", {{"id.same", 0.9, 1e-4}, {"id.differs", 0.1, 0.9999}}}};
  const std::vector<FieldParameters> learned{{"id", {{"id.same", 0.98, 1e-8}, {"id.differs", 0.02, 0.99999999}}}};
  std::vector<FieldParameters> fields = learned;
  guard(fields, start, {});
  const double bits = std::log2(fields[0].levels[0].m / fields[0].levels[0].u);
  ASSERT_LT(fields[0].levels[0].m, 0.1);
  keep_shares(fields, learned);
  EXPECT_DOUBLE_EQ(fields[0].levels[0].m, 0.98);
  EXPECT_NEAR(std::log2(fields[0].levels[0].m / fields[0].levels[0].u), bits, 1e-9);
}

TEST(Em, SharesOfALearnedModelAddUp) {
  const Town town = make_town({2000, 2, 1});
  for (const FieldParameters& field : learn(to_set(town.records)).parameters()) {
    EXPECT_NEAR(sum_of(field, &LevelParameters::m), 1, 0.001) << field.field;
    EXPECT_NEAR(sum_of(field, &LevelParameters::u), 1, 0.001) << field.field;
  }
}

}  // namespace
}  // namespace motcua::linkage::test
