// A device that was offline tells when: only what passed on its own clock is believed.
#include "rooms/declarations/device_time.hpp"

#include <gtest/gtest.h>

namespace motcua::declarations {
namespace {

using namespace std::chrono_literals;

TEST(DeviceTime, OnlyTheTimeBetweenIsBelieved) {
  const Instant now = vietnam_time(Date(std::chrono::year(2021), std::chrono::July, std::chrono::day(31)), 12);
  const struct { const char* name; std::chrono::milliseconds told, sent; std::chrono::milliseconds ago; const char* refused; } cases[] = {
      {"an hour offline", -1h, 0h, 1h, nullptr},
      {"a clock a day ahead", 23h, 24h, 1h, nullptr},
      {"a clock a day behind", -25h, -24h, 1h, nullptr},
      {"set back by minutes meanwhile", 5min, 0min, 0h, nullptr},
      {"set back by a day meanwhile", 24h, 0h, 0h, "declarations.told_after_sent"},
      {"seven days", -168h, 0h, 168h, nullptr},
      {"older than that", -168h - 1ms, 0h, 0h, "declarations.told_too_long_ago"},
  };
  for (const auto& c : cases) {
    const DeviceTime device{now + c.told, now + c.sent};
    const auto at = told_at(device, now);
    ASSERT_EQ(static_cast<bool>(at), c.refused == nullptr) << c.name;
    if (at) EXPECT_EQ(*at, now - c.ago) << c.name;
    else EXPECT_EQ(at.failure().code, c.refused) << c.name;
    EXPECT_EQ(skew_of(device, now), c.sent) << c.name;
  }
}

TEST(DeviceTime, ExtremesOverflowNothing) {
  const Instant now = from_millis(1'600'000'000'000);
  EXPECT_FALSE(told_at({from_millis(-4'000'000'000'000'000), now}, now));
  EXPECT_FALSE(told_at({from_millis(4'000'000'000'000'000), now}, now));
}

}  // namespace
}  // namespace motcua::declarations
