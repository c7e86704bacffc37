#include "rooms/exposure/rules.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace motcua::exposure {
namespace {

std::string field_of(std::size_t index, const char* member) { return "temporaryExposureKeys[" + std::to_string(index) + "]." + member; }

Result<void> check_key(const SentKey& key, std::size_t index, std::int64_t now) {
  if (key.rolling_period < 1 || key.rolling_period > day_intervals) return invalid("exposure.period_out_of_range", field_of(index, "rollingPeriod"));
  if (key.risk < 0 || key.risk > risk_max) return invalid("exposure.risk_out_of_range", field_of(index, "transmissionRisk"));
  if (key.rolling_start > now) return invalid("exposure.key_in_future", field_of(index, "rollingStartNumber"));
  if (key.rolling_start + key.rolling_period <= now - window_days * day_intervals) return invalid("exposure.key_too_old", field_of(index, "rollingStartNumber"));
  if (key.rolling_start % day_intervals != 0) return invalid("exposure.key_not_aligned", field_of(index, "rollingStartNumber"));
  return {};
}

bool same(std::string_view text, std::span<const std::uint8_t> key, std::span<const std::uint8_t> mac) {
  const auto made = crypto::hmac_sha256(key, text);
  return crypto::equal_constant_time({reinterpret_cast<const char*>(made.data()), made.size()}, {reinterpret_cast<const char*>(mac.data()), mac.size()});
}

int rank(ReportType type) { return type == ReportType::negative ? 3 : type == ReportType::confirmed ? 2 : 1; }

}  // namespace

Result<void> check_keys(std::span<const SentKey> keys, Instant now) {
  if (keys.empty()) return invalid("exposure.keys_missing", "temporaryExposureKeys");
  if (keys.size() > publish_keys_max) return invalid("exposure.keys_too_many", "temporaryExposureKeys", {{"max", std::to_string(publish_keys_max)}});
  std::set<crypto::Block128> seen;
  std::map<std::int64_t, int> of_start;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    TRY(check_key(keys[i], i, interval_of(now)));
    if (!seen.insert(keys[i].key).second) return invalid("exposure.key_twice", field_of(i, "key"));
    if (++of_start[keys[i].rolling_start] > same_start_keys_max)
      return invalid("exposure.keys_overlap", field_of(i, "rollingStartNumber"), {{"max", std::to_string(same_start_keys_max)}});
  }
  return {};
}

Result<void> check_onset(std::int64_t interval, Instant now) {
  const std::int64_t today = interval_of(now) / day_intervals, day = interval / day_intervals;
  if (interval <= 0 || interval > interval_of(now) || day < today - window_days) return invalid("exposure.onset_out_of_range", "symptomOnsetInterval");
  return {};
}

std::optional<std::int64_t> onset_days(std::optional<std::int64_t> onset_interval, std::int64_t rolling_start) {
  if (!onset_interval) return std::nullopt;
  const std::int64_t days = rolling_start / day_intervals - *onset_interval / day_intervals;
  if (days < -onset_days_max || days > onset_days_max) return std::nullopt;
  return days;
}

Instant release_of(const DiagnosisKey& key, Instant now, std::chrono::milliseconds period) {
  const std::int64_t length = period.count(), end = to_millis(start_of(key.rolling_start + key.rolling_period + tolerance_intervals)), here = to_millis(now);
  return from_millis(end > here ? (end + length - 1) / length * length : here / length * length);
}

std::int64_t risk_of(std::int64_t told, ReportType type) {
  if (told != 0) return told;
  switch (type) {
    case ReportType::confirmed: return 2;
    case ReportType::likely: return 4;
    case ReportType::self_report: return 5;
    case ReportType::negative: return 6;
    case ReportType::unknown: return 0;
  }
  return 0;
}

Change decide_change(ReportType from, ReportType to) {
  if (from == to) return Change::none;
  return rank(to) > rank(from) ? Change::revise : Change::refused;
}

std::string mac_text(std::span<const SentKey> keys, bool with_risk) {
  std::vector<const SentKey*> sorted;
  for (const auto& key : keys) sorted.push_back(&key);
  std::sort(sorted.begin(), sorted.end(), [](const SentKey* a, const SentKey* b) { return a->key_text < b->key_text; });
  std::string text;
  for (const SentKey* key : sorted) {
    text += (text.empty() ? "" : ",") + key->key_text + '.' + std::to_string(key->rolling_start) + '.' + std::to_string(key->rolling_period);
    if (with_risk) text += '.' + std::to_string(key->risk);
  }
  return text;
}

bool mac_holds(std::span<const SentKey> keys, std::span<const std::uint8_t> hmac_key, std::span<const std::uint8_t> mac) {
  const bool no_risk = std::all_of(keys.begin(), keys.end(), [](const SentKey& key) { return key.risk == 0; });
  return same(mac_text(keys, true), hmac_key, mac) || (no_risk && same(mac_text(keys, false), hmac_key, mac));
}

}  // namespace motcua::exposure
