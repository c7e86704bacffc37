// The vectors that Google published with its implementation (exposure-notifications-internals, TestVectors).
#include "rooms/tracing/exposure_key.hpp"

#include <gtest/gtest.h>

#include "base/ids.hpp"

namespace motcua::tracing {
namespace {

const ExposureKey key = *parse_exposure_key("75c734c6dd1a782de7a965da5eb93125");
constexpr std::uint64_t first_interval = 2642976;

TEST(ExposureKey, IdentifiersOfADayAreThePublishedOnes) {
  const auto identifiers = rolling_proximity_identifiers(key, first_interval, exposure_key_intervals_max);
  ASSERT_TRUE(identifiers);
  ASSERT_EQ(identifiers->size(), 144U);
  EXPECT_EQ(to_hex((*identifiers)[0]), "8be6cd371c5c891604bfbe49df845096");
  EXPECT_EQ(to_hex((*identifiers)[1]), "3c9a1de5dd6b02afa7fded7b570b3e56");
  EXPECT_EQ(to_hex((*identifiers)[143]), "f431b62ecf443102ce4ed0407de54bd4");
}

TEST(ExposureKey, MetadataIsThePublishedOneAndReadsBack) {
  const auto metadata = metadata_key(key);
  EXPECT_EQ(to_hex(metadata), "d57c46af7a1d83965b9bed8bd152936a");
  const auto identifier = rolling_proximity_identifiers(key, first_interval, 1)->front();
  const ExposureMetadata plain = {0x40, 0x08, 0x00, 0x00};
  const ExposureMetadata sealed = crypt_metadata(metadata, identifier, plain);
  EXPECT_EQ(to_hex(sealed), "72033874");
  EXPECT_EQ(crypt_metadata(metadata, identifier, sealed), plain);
}

TEST(ExposureKey, WhatIsNoKeyAndNoIntervalIsRefused) {
  for (const char* wrong : {"", "75c7", "75c734c6dd1a782de7a965da5eb9312", "75c734c6dd1a782de7a965da5eb931256", "zzc734c6dd1a782de7a965da5eb93125"})
    EXPECT_EQ(parse_exposure_key(wrong).failure().code, "tracing.exposure_key_unreadable") << wrong;
  EXPECT_TRUE(rolling_proximity_identifiers(key, 0xffffffff, 1));
  struct { std::uint64_t from, count; } refused[] = {{0, 0}, {0, 145}, {0xffffffff, 2}, {std::uint64_t{1} << 32, 1}, {~std::uint64_t{0}, 1}};
  for (const auto& r : refused) EXPECT_EQ(rolling_proximity_identifiers(key, r.from, r.count).failure().code, "tracing.intervals_out_of_range") << r.from;
}

}  // namespace
}  // namespace motcua::tracing
