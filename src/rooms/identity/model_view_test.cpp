// The model's numbers, and what people see of it.
#include "rooms/identity/model_view.hpp"

#include <gtest/gtest.h>

#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

TEST(ModelView, theCurveCountsWhatLiesAboveTheThreshold) {
  // Bits 0 is a probability of one half. Ten pairs of which two are one person, then four of which three are.
  const std::vector<linkage::ExpectedPairs> expected{{-0.5, 10, 2}, {0, 4, 3}};
  const std::vector<double> thresholds{0.25, 0.5};
  const auto curve = to_curve(expected, thresholds);
  ASSERT_EQ(curve.size(), 2u);
  EXPECT_DOUBLE_EQ(curve[0].pairs, 14);
  EXPECT_DOUBLE_EQ(curve[0].precision, 5.0 / 14);
  EXPECT_DOUBLE_EQ(curve[0].recall, 1);
  EXPECT_DOUBLE_EQ(curve[1].pairs, 4);
  EXPECT_DOUBLE_EQ(curve[1].precision, 0.75);
  EXPECT_DOUBLE_EQ(curve[1].recall, 0.6);
  EXPECT_TRUE(to_curve({}, thresholds).empty());
}

TEST(ModelView, decisionsStandBesideWhatTheMachineSaid) {
  const std::vector<Reviewed> reviewed{{0.5, false}, {0.54, true}, {0.9, true}, {0.95, true}, {0.2, false}};
  const auto bins = to_calibration(reviewed, 0.5, 0.9);
  ASSERT_EQ(bins.size(), 8u);
  EXPECT_EQ(bins[0].decided, 3);
  EXPECT_EQ(bins[0].same, 1);
  EXPECT_NEAR(bins[0].said, (0.5 + 0.54 + 0.2) / 3, 1e-12);
  EXPECT_EQ(bins[7].decided, 2);
  EXPECT_EQ(bins[7].same, 2);
  EXPECT_EQ(bins[0].from, 0.2);
  EXPECT_EQ(bins[7].to, 0.95);
  EXPECT_EQ(bins[1].from, bins[0].to);
  EXPECT_EQ(bins[3].decided, 0);
  EXPECT_EQ(bins[3].said, 0);
}

class ModelViewTest : public tests::DatabaseTest {};

TEST_P(ModelViewTest, nothingLearnedIsSaid) {
  TestHouse house(database(), dir().file("home"));
  const auto model = house.door().view_model();
  ASSERT_TRUE(model) << model.failure().code;
  EXPECT_FALSE(model->learned);
  EXPECT_TRUE(model->curve.empty());
  EXPECT_EQ(model->decided, 0);
  ASSERT_FALSE(model->fields.empty());
  for (const auto& field : model->fields)
    for (const auto& level : field.levels) EXPECT_TRUE(house.texts.has("identity.level." + level.code)) << level.code;
}

TEST_P(ModelViewTest, rareNamesStayHidden) {
  TestHouse house(database(), dir().file("home"));
  std::vector<std::shared_ptr<const PreparedRecord>> prepared;
  std::vector<intake::Warning> warnings;
  const auto add = [&](int n, const std::string& name) {
    prepared.push_back(*house.door().prepare(told("ncovi", std::to_string(n), name, std::to_string(1950 + n % 60), "Nam"), warnings));
  };
  for (int n = 0; n < model_value_records_min; ++n) add(n, "Nguyễn Văn An");
  for (int n = 0; n < model_value_records_min - 1; ++n) add(1000 + n, "Ông Văn Kỳ");
  ASSERT_TRUE(database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return house.door().save(tx, prepared); }));
  ASSERT_TRUE(house.door().link(tests::test_act("identity.link"), {.full = true}));
  const auto model = house.door().view_model();
  ASSERT_TRUE(model);
  ASSERT_EQ(model->frequencies.size(), 2u);
  for (const auto& part : model->frequencies) {
    ASSERT_EQ(part.commonest.size(), 1u) << part.part;
    EXPECT_EQ(part.commonest[0].records, model_value_records_min);
    EXPECT_TRUE(part.most_telling.empty());
  }
  EXPECT_EQ(model->frequencies[1].commonest[0].value, "An");
}

INSTANTIATE_TEST_SUITE_P(Engines, ModelViewTest, tests::both_engines(), tests::engine_name);

}  // namespace
}  // namespace motcua::identity
