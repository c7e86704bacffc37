#include "rooms/declarations/device_time.hpp"

#include <algorithm>

namespace motcua::declarations {

Result<Instant> told_at(const DeviceTime& device, Instant now) {
  const auto ago = device.sent_at - device.told_at;
  if (ago < -device_slack) return invalid("declarations.told_after_sent", "told_at");
  if (ago > device_kept_max) return invalid("declarations.told_too_long_ago", "told_at");
  return now - std::max(ago, std::chrono::milliseconds(0));
}

std::chrono::milliseconds skew_of(const DeviceTime& device, Instant now) { return device.sent_at - now; }

}  // namespace motcua::declarations
