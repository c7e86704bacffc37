#include "rooms/venues/model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "platform/assets/assets.hpp"

namespace motcua::venues {
namespace {

TEST(ShortCode, CheckDigitOfThePaper) { EXPECT_EQ(check_digit("572"), '4'); }

/// Nine digits with any one of them wrong, or two neighbours swapped, are no code at all.
RC_GTEST_PROP(ShortCode, ATypoMeetsNoOtherPlace, ()) {
  const std::string code = to_short_code(*rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(code.size() == short_code_digits);
  RC_ASSERT(code[0] != '0');
  RC_ASSERT(*parse_code(code) == code);
  RC_ASSERT(*parse_code(in_groups(code)) == code);
  for (std::size_t i = 0; i < code.size(); ++i)
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = code;
      wrong[i] = digit;
      if (wrong != code) RC_ASSERT(parse_code(wrong).failure().code == "venues.code_mistyped");
    }
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    std::string swapped = code;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped != code) RC_ASSERT(!parse_code(swapped));
  }
}

TEST(Code, WhatIsScannedOrTyped) {
  const std::string poster = "0123456789abcdefghjkmnpqrs", shorter = to_short_code(1);
  const struct { std::string typed, read; } good[] = {
      {poster, poster}, {"https://motcua.example/vi/v/" + poster, poster}, {"https://motcua.example/en/v/" + poster + "?x=1#y", poster}, {poster + "\r\n", poster},
      {"0123456789ABCDEFGHJKMNPQRS", poster}, {" " + in_groups(shorter) + "\r\n", shorter}, {shorter.substr(0, 4) + "-" + shorter.substr(4, 2) + "." + shorter.substr(6), shorter}};
  for (const auto& [typed, read] : good) EXPECT_EQ(*parse_code(typed), read) << typed;
  for (const std::string bad : {"", " ", "12345678", "1234567890", "abc", "https://motcua.example/vi/v/", "https://evil.example/" "x' OR 1=1", "MC1:ABC"})
    EXPECT_EQ(parse_code(bad).failure().code, "venues.code_unreadable") << bad;
  EXPECT_EQ(parse_code(std::string(1'000'000, '1')).failure().code, "venues.code_unreadable");
  EXPECT_FALSE(parse_code(std::string_view("\0\0\0", 3)));
}

TEST(Kinds, TheHousesOwnFileAndItsDates) {
  const auto kinds = read_kinds(*assets::find("policies/venues.toml"));
  ASSERT_TRUE(kinds) << kinds.failure().field;
  const Date before(std::chrono::year(2019), std::chrono::December, std::chrono::day(1)), after(std::chrono::year(2021), std::chrono::July, std::chrono::day(1));
  EXPECT_EQ(find_kind(*kinds, "market", before), nullptr);
  ASSERT_NE(find_kind(*kinds, "market", after), nullptr);
  EXPECT_EQ(find_kind(*kinds, "market", after)->visit, "venue");
  EXPECT_EQ(find_kind(*kinds, "palace", after), nullptr);
}

TEST(Kinds, MistakesInAFile) {
  const struct { const char* text; const char* code; } files[] = {
      {"[[kind]]\nname='a'\nvisit='palace'\nstay_min=5\nfrom=2020-01-01\n", "venues.policy_invalid"},
      {"[[kind]]\nname='a'\nvisit='venue'\nstay_min=0\nfrom=2020-01-01\n", "toml.out_of_bounds"},
      {"[[kind]]\nname='a'\nvisit='venue'\nstay=5\nfrom=2020-01-01\n", "toml.unknown_key"},
      {"[[kind]]\nname='a'\nvisit='venue'\nstay_min=5\n", "toml.missing_key"}};
  for (const auto& [text, code] : files) EXPECT_EQ(read_kinds(text).failure().code, code) << text;
}

TEST(Counts, SmallOnesAreNotShownAndOthersRoundedDown) {
  const struct { std::int64_t count; std::optional<std::int64_t> shown; } rows[] = {{0, {}}, {4, {}}, {5, 5}, {9, 5}, {10, 10}, {1234, 1230}};
  for (const auto& [count, shown] : rows) EXPECT_EQ(to_shown(count), shown) << count;
}

}  // namespace
}  // namespace motcua::venues
