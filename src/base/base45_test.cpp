#include "base/base45.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua {
namespace {

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Base45, TheExamplesOfRfc9285) {
  for (const auto& [plain, coded] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"}}) {
    EXPECT_EQ(to_base45(bytes(plain)), coded);
    EXPECT_EQ(from_base45(coded), bytes(plain));
  }
}

TEST(Base45, WhatIsNoneIsRefused) {
  for (const char* text : {"A", "BB8A", "bb8", "B,8", "B\n8", "GGW", ":::", "::", "V5", "\xc3\x84" "8"}) EXPECT_EQ(from_base45(text), std::nullopt) << text;
  EXPECT_EQ(from_base45("FGW"), (std::vector<std::uint8_t>{255, 255})) << "the largest group of three";
  EXPECT_EQ(from_base45("U5"), (std::vector<std::uint8_t>{255})) << "and of two";
}

RC_GTEST_PROP(Base45, EveryTextOfBytesComesBack, (const std::vector<std::uint8_t>& some)) {
  const auto text = to_base45(some);
  RC_ASSERT(text.size() == some.size() / 2 * 3 + some.size() % 2 * 2);
  RC_ASSERT(from_base45(text) == some);
}

}  // namespace
}  // namespace motcua
