#include "base/national_id.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua {
namespace {

TEST(ParseNationalId, reads) {
  struct Case {
    std::string in, number;
    IdKind kind;
    bool repaired = false, weak = false;
  };
  const std::vector<Case> cases{
      {"079187000123", "079187000123", IdKind::cccd}, {"79187000123", "079187000123", IdKind::cccd, true},
      {"1090000019", "001090000019", IdKind::cccd, true}, {"079.187.000.123", "079187000123", IdKind::cccd},
      {"'079187000123", "079187000123", IdKind::cccd}, {"7.9187000123E+10", "079187000123", IdKind::cccd, true},
      {"123456789", "123456789", IdKind::cmnd}, {"10000019", "010000019", IdKind::cmnd, true}, {"271450001", "271450001", IdKind::cmnd, false, true},
      {"271500000", "271500000", IdKind::cmnd, false, true}, {"271450000", "271450000", IdKind::cmnd}, {"271500001", "271500001", IdKind::cmnd},
      {"991234567", "991234567", IdKind::cmnd, false, true}, {"b1234567", "B1234567", IdKind::passport}, {"C 1234567", "C1234567", IdKind::passport}};
  for (const auto& c : cases) {
    auto id = parse_national_id(c.in);
    ASSERT_TRUE(id) << c.in;
    EXPECT_EQ(id->number, c.number) << c.in;
    EXPECT_EQ(id->kind, c.kind) << c.in;
    EXPECT_EQ(id->repaired, c.repaired) << c.in;
    EXPECT_EQ(id->weak, c.weak) << c.in;
  }
}

TEST(ParseNationalId, refuses) {
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "national_id.empty"}, {" - ", "national_id.empty"}, {"12345", "national_id.wrong_length"}, {"1234567890123", "national_id.wrong_length"},
      {"003187000123", "national_id.no_such_province"}, {"900187000123", "national_id.no_such_province"}, {"7.92E+10", "national_id.digits_lost"},
      {"ABC", "national_id.unreadable"}, {"0791870001é3", "national_id.unreadable"}, {"07918\0" "7000123"s, "national_id.unreadable"},
      {std::string(100, '1'), "national_id.wrong_length"}};
  for (const auto& [in, code] : cases) {
    auto id = parse_national_id(in);
    ASSERT_FALSE(id) << in;
    EXPECT_EQ(id.failure().code, code) << in;
  }
}

TEST(NationalId, says_sex_year_and_province) {
  const auto woman = *parse_national_id("079187000123");  // Thành phố Hồ Chí Minh, 19xx female, 87
  EXPECT_EQ(woman.province, "79");
  EXPECT_EQ(woman.sex, Sex::female);
  EXPECT_EQ(woman.birth_year, 1987);
  const auto boy = *parse_national_id("001210000019");
  EXPECT_EQ(boy.sex, Sex::male);
  EXPECT_EQ(boy.birth_year, 2010);
  EXPECT_TRUE(contradicts(woman, Sex::male, std::nullopt));
  EXPECT_TRUE(contradicts(woman, Sex::female, 1988));
  EXPECT_FALSE(contradicts(woman, Sex::female, 1987));
  EXPECT_FALSE(contradicts(woman, Sex::unknown, std::nullopt));
  EXPECT_FALSE(contradicts(*parse_national_id("123456789"), Sex::male, 1950));
}

TEST(NationalId, masked) {
  EXPECT_EQ(to_masked_id("079187000123"), "*********123");
  EXPECT_EQ(to_masked_id("12"), "***");
  EXPECT_EQ(to_masked_id(""), "");
}

RC_GTEST_PROP(NationalIdProperty, reading_again_changes_nothing, (const std::string& noise)) {
  const auto digits = *rc::gen::inRange<std::int64_t>(0, 999'999'999'999);
  for (const std::string& text : {std::to_string(digits), noise}) {
    auto id = parse_national_id(text);
    if (!id) continue;
    auto again = parse_national_id(id->number);
    RC_ASSERT(again.ok());
    RC_ASSERT(again->number == id->number);
    RC_ASSERT(!again->repaired);
  }
}

}  // namespace
}  // namespace motcua
