// ids, sex, prng, json_text.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/prng.hpp"
#include "base/sex.hpp"

namespace motcua {
namespace {

TEST(Ids, shape) {
  const Bits128 zero{};
  EXPECT_EQ(to_id("per", zero), "per_00000000000000000000000000");
  Bits128 full;
  full.fill(0xff);
  EXPECT_EQ(to_id("per", full), "per_zzzzzzzzzzzzzzzzzzzzzzzzzw");
  EXPECT_TRUE(is_id("per", to_id("per", full)));
  for (std::string_view bad : {"", "per_", "sub_00000000000000000000000000", "per_0000000000000000000000000", "per_0000000000000000000000000U", "per-00000000000000000000000000"})
    EXPECT_FALSE(is_id("per", bad)) << bad;
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 3>{0, 0x1f, 0xab}), "001fab");
  std::array<std::uint8_t, 3> bytes{};
  EXPECT_TRUE(from_hex("001fAb", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{0, 0x1f, 0xab}));
  for (const char* wrong : {"", "001fa", "001fabc", "001fabcd", "001fag", "0x1fab"}) EXPECT_FALSE(from_hex(wrong, bytes)) << wrong;
}

TEST(Sex, spellings) {
  const std::vector<std::pair<std::string, Sex>> cases{{"Nam", Sex::male}, {"NAM", Sex::male}, {"Nữ", Sex::female}, {"nu", Sex::female}, {"Nu\xCC\x9B\xCC\x83", Sex::female},
      {"Khac", Sex::other}, {"Khác", Sex::other}, {"male", Sex::male}, {"FEMALE", Sex::female}, {"M", Sex::male}, {"f", Sex::female}, {"1", Sex::male}, {"2", Sex::female}, {"2.0", Sex::female}, {" nam ", Sex::male}};
  for (const auto& [in, sex] : cases) {
    auto read = parse_sex(in);
    ASSERT_TRUE(read) << in;
    EXPECT_EQ(*read, sex) << in;
    EXPECT_EQ(*parse_sex(to_text(sex)), sex);
  }
  EXPECT_EQ(parse_sex("").failure().code, "sex.empty");
  EXPECT_EQ(parse_sex("x").failure().code, "sex.unreadable");
  EXPECT_EQ(parse_sex("\xFFnam").failure().code, "sex.unreadable");
}

TEST(JsonText, escapes) {
  std::string object = "{}";
  add_to_json_object(object, "tên", "a\"b\\c\n\x01");
  add_to_json_object(object, "k", "");
  EXPECT_EQ(object, R"({"tên":"a\"b\\c\n\u0001","k":""})");
}

TEST(Prng, same_everywhere) {
  // The first number of xoshiro256** filled by SplitMix64 from 42: seeds in reports must mean the same for ever.
  Prng a(42), b(42);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
  EXPECT_EQ(Prng(42).next(), 1546998764402558742ULL);
}

TEST(Prng, parts_do_not_shift_each_other) {
  Prng root(7);
  const auto first = root.split("households", 3).next();
  root.next();
  EXPECT_EQ(root.split("households", 3).next(), first);
  EXPECT_NE(root.split("households", 4).next(), first);
  EXPECT_NE(root.split("schools", 3).next(), first);
}

TEST(Prng, means_are_near) {
  Prng r(1);
  constexpr int n = 50'000;
  double real = 0, normal = 0, exponential = 0, poisson = 0;
  for (int i = 0; i < n; ++i) {
    real += r.real();
    normal += r.normal(10, 3);
    exponential += r.exponential(5);
    poisson += r.poisson(4);
  }
  EXPECT_NEAR(real / n, 0.5, 0.01);
  EXPECT_NEAR(normal / n, 10, 0.1);
  EXPECT_NEAR(exponential / n, 5, 0.15);
  EXPECT_NEAR(poisson / n, 4, 0.1);
}

RC_GTEST_PROP(PrngProperty, stays_in_bounds, (std::uint64_t seed, std::int64_t low)) {
  Prng r(seed);
  const auto bound = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  RC_ASSERT(r.below(bound) < bound);
  const std::int64_t high = low > 0 ? low : low + 1000;
  const auto x = r.between(low, high);
  RC_ASSERT(x >= low && x <= high);
  const std::vector<double> weights{0, 1, 0, 2, 0};
  const auto i = r.weighted(weights);
  RC_ASSERT(i == 1 || i == 3);
}

}  // namespace
}  // namespace motcua
