#include "base/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST(Base64Text, TheExamplesOfRfc4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : examples) {
    EXPECT_EQ(to_base64(bytes_of(plain)), encoded);
    const auto back = from_base64(encoded);
    ASSERT_TRUE(back) << encoded;
    EXPECT_EQ(std::string(back->begin(), back->end()), plain);
  }
  EXPECT_EQ(to_base64(bytes_of("\xfb\xff"), Base64::url), "-_8");
  EXPECT_EQ(to_base64(bytes_of("\xfb\xff")), "+/8=");
}

TEST(Base64Text, WhatIsNotWrittenThatWayIsNone) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Z", "Zm9v\n", " Zm9v", "Zm 9v", "-_8=", "====", "Zm9v===="}) EXPECT_FALSE(from_base64(text)) << text;
  for (const char* text : {"-_8=", "+/8", "Zg=="}) EXPECT_FALSE(from_base64(text, Base64::url)) << text;
}

RC_GTEST_PROP(Base64Text, RoundTrip, (const std::vector<std::uint8_t>& bytes)) {
  for (const Base64 alphabet : {Base64::standard, Base64::url}) RC_ASSERT(from_base64(to_base64(bytes, alphabet), alphabet) == bytes);
}

}  // namespace
}  // namespace motcua
