#include "platform/documents/qr.hpp"

#include <gtest/gtest.h>

#include "platform/documents/scan.hpp"

namespace motcua::documents {
namespace {

Raster drawn(const Qr& code, int module) {
  Raster raster((code.size + 2 * qr_quiet_zone_modules) * module, (code.size + 2 * qr_quiet_zone_modules) * module);
  for (int y = 0; y < code.size * module; ++y)
    for (int x = 0; x < code.size * module; ++x)
      if (code.dark(x / module, y / module)) raster.at(x + qr_quiet_zone_modules * module, y + qr_quiet_zone_modules * module) = 0;
  return raster;
}

TEST(Qr, WhatIsWrittenIsRead) {
  using std::string_literals::operator""s;
  for (const std::string& bytes : {"MC:HEALTH/1/1"s, "https://example.vn/?a=b&c=đ"s, "a\0b\xff\xfe"s, std::string(1200, 'A')})
    for (const auto correction : {Correction::low, Correction::medium, Correction::quartile, Correction::high}) {
      const auto code = encode_qr(bytes, correction);
      ASSERT_TRUE(code);
      const auto seen = read_qr(drawn(*code, 3));
      ASSERT_EQ(seen.size(), 1u) << bytes.size();
      EXPECT_EQ(seen[0].bytes, bytes);
    }
}

TEST(Qr, CapitalsAndDigitsTakeLessRoom) {
  EXPECT_EQ(encode_qr("ABCDEFGHIJKLMNOPQRSTUVWXY")->size, 25);
  EXPECT_EQ(encode_qr("ABCDEFGHIJKLMNOPQRSTUVWXy")->size, 25);
  EXPECT_EQ(encode_qr(std::string(38, 'A'))->size, 25);   // 38 letters, 26 bytes in version 2-M (ISO/IEC 18004 table 7)
  EXPECT_EQ(encode_qr(std::string(38, 'a'))->size, 29);
}

TEST(Qr, TooLongAndEmptyAreRefused) {
  EXPECT_EQ(encode_qr("").failure().code, "documents.qr_empty");
  EXPECT_TRUE(encode_qr(std::string(2331, 'a')));
  EXPECT_EQ(encode_qr(std::string(2332, 'a')).failure().code, "documents.qr_too_long");
  EXPECT_TRUE(encode_qr(std::string(1852, 'A'), Correction::high));
  EXPECT_EQ(encode_qr(std::string(1853, 'A'), Correction::high).failure().args.at("limit"), "1852");
}

TEST(Qr, TheLabelCannotLeaveItsAttribute) {
  const std::string svg = qr_svg(*encode_qr("x"), "<b>\"&");
  EXPECT_NE(svg.find("aria-label=\"&lt;b>&quot;&amp;\""), std::string::npos);
}

}  // namespace
}  // namespace motcua::documents
