#include "base/phone.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/spreadsheet.hpp"

namespace motcua {
namespace {

struct Good {
  std::string in, out;
  PhoneKind kind = PhoneKind::mobile;
};

TEST(ParsePhone, reads) {
  const std::vector<Good> cases{
      {"0938000204", "+84938000204"}, {"938000204", "+84938000204"}, {"84938000204", "+84938000204"}, {"+84 938 000 204", "+84938000204"},
      {"0084938000204", "+84938000204"}, {"+840938000204", "+84938000204"}, {"'0938000204", "+84938000204"}, {"0938.000.204", "+84938000204"},
      {"(093) 800-0204", "+84938000204"}, {"\"0938000204\"", "+84938000204"}, {"938000204.0", "+84938000204"}, {"9.38000204E+08", "+84938000204"},
      {"9,38000204E+08", "+84938000204"}, {"01680001234", "+84380001234"}, {"1680001234", "+84380001234"}, {"841680001234", "+84380001234"},
      {"01200001234", "+84700001234"}, {"01990001234", "+84590001234"}, {"01880001234", "+84580001234"}, {"01290001234", "+84820001234"},
      {"0840001234", "+84840001234"}, {"840001234", "+84840001234"}, {"093 800\xC2\xA0" "0204", "+84938000204"},
      {"02838221234", "+842838221234", PhoneKind::landline}, {"2838221234", "+842838221234", PhoneKind::landline},
      {"+442079460000", "+442079460000", PhoneKind::foreign}, {"0085612345678", "+85612345678", PhoneKind::foreign}};
  for (const auto& c : cases) {
    auto phone = parse_phone(c.in);
    ASSERT_TRUE(phone) << c.in << " " << phone.failure().code;
    EXPECT_EQ(phone->number, c.out) << c.in;
    EXPECT_EQ(phone->kind, c.kind) << c.in;
  }
}

TEST(ParsePhone, refuses) {
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "phone.empty"}, {"  - ", "phone.empty"}, {"abc", "phone.unreadable"}, {"0938000204x", "phone.unreadable"}, {"093800", "phone.too_short"},
      {"09380002041", "phone.unknown_prefix"}, {"093800020412", "phone.too_long"}, {std::string(25, '1'), "phone.too_long"},
      {std::string(1000, '1'), "phone.too_long"}, {"0138000204", "phone.unknown_prefix"}, {"01300001234", "phone.unknown_prefix"},
      {"9.38E+08", "phone.digits_lost"}, {"9.380002E+08", "phone.digits_lost"}, {"+", "phone.unreadable"}, {"+12345", "phone.too_short"},
      {"+1234567890123456", "phone.too_long"}, {"0938\0" "000204"s, "phone.unreadable"}, {"+0123456789", "phone.unknown_prefix"}};
  for (const auto& [in, code] : cases) {
    auto phone = parse_phone(in);
    ASSERT_FALSE(phone) << in << " " << phone->number;
    EXPECT_EQ(phone.failure().code, code) << in;
  }
}

TEST(PhoneDisplay, groups) {
  EXPECT_EQ(to_display_phone("+84938000204"), "0938 000 204");
  EXPECT_EQ(to_display_phone("+842838221234"), "028 3822 1234");
  EXPECT_EQ(to_display_phone("+842033821234"), "0203 382 1234");
  EXPECT_EQ(to_display_phone("+442079460000"), "+44 207 946 000 0");
  EXPECT_EQ(to_display_phone(""), "");
  EXPECT_EQ(to_masked_phone("+84938000204"), "093* *** *04");
  EXPECT_EQ(to_masked_phone(""), "");
}

rc::Gen<std::string> any_mobile() {
  static const std::vector<std::string> prefixes{"32", "39", "52", "56", "58", "59", "70", "76", "81", "84", "86", "90", "94", "96", "99"};
  return rc::gen::map(rc::gen::pair(rc::gen::elementOf(prefixes), rc::gen::inRange(0, 10'000'000)), [](const std::pair<std::string, int>& p) {
    const std::string tail = std::to_string(p.second);
    return "+84" + p.first + std::string(7 - tail.size(), '0') + tail;
  });
}

RC_GTEST_PROP(PhoneProperty, display_reads_back, ()) {
  const auto number = *any_mobile();
  auto again = parse_phone(to_display_phone(number));
  RC_ASSERT(again.ok());
  RC_ASSERT(again->number == number);
}

RC_GTEST_PROP(PhoneProperty, canonical_and_national_are_one, ()) {
  const auto number = *any_mobile();
  RC_ASSERT(parse_phone(number)->number == number);
  RC_ASSERT(parse_phone(number.substr(1))->number == number);
  RC_ASSERT(parse_phone(number.substr(3))->number == number);
}

RC_GTEST_PROP(PhoneProperty, any_text_has_an_answer, (const std::string& text)) {
  auto phone = parse_phone(text);
  if (phone) RC_ASSERT(phone->number.size() >= 8 && phone->number.size() <= 16);
  else RC_ASSERT(phone.failure().code.starts_with("phone."));
}

TEST(UndoSpreadsheet, table) {
  EXPECT_EQ(*undo_spreadsheet_number("7.9187000123E+10"), "79187000123");
  EXPECT_EQ(*undo_spreadsheet_number("0938.000.204"), "0938.000.204");
  EXPECT_EQ(*undo_spreadsheet_number("12.50"), "12.50");
  EXPECT_EQ(*undo_spreadsheet_number("B1234567"), "B1234567");
  EXPECT_FALSE(undo_spreadsheet_number("7.9E+10"));
  EXPECT_FALSE(undo_spreadsheet_number("7.9E+1000"));
}

}  // namespace
}  // namespace motcua
