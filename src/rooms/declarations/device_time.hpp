#pragma once
// When something was told on a device that was offline and whose clock may be wrong. Pure.
#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::declarations {

/// Both by the device's own clock: only the time between them is believed, so that a clock wrong by a day moves nothing.
struct DeviceTime {
  Instant told_at{};
  Instant sent_at{};                    // what the clock shows while sending
};

inline constexpr std::chrono::minutes device_slack{10};       // a clock that was set meanwhile may say that it was told after it was sent
inline constexpr std::chrono::days device_kept_max{7};        // older declarations say nothing about today

/// By the house's clock. Failures declarations.told_after_sent, declarations.told_too_long_ago (field told_at).
Result<Instant> told_at(const DeviceTime& device, Instant now);
/// How far the device's clock is ahead; a page tells its reader when that is more than device_slack.
std::chrono::milliseconds skew_of(const DeviceTime& device, Instant now);

}  // namespace motcua::declarations
