#pragma once
// What is decided about keys without asking anybody. Pure.
// Source: google/exposure-notifications-server, publish API v1 and docs/tek_validation.md; the cryptography specification v1.2 for alignment.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "rooms/exposure/model.hpp"

namespace motcua::exposure {

/// Whether a phone may publish these keys now, all or none: 1 to 30 of them, none twice, each of a UTC day (its start is a multiple of 144),
/// begun and in use during the last 14 days, at most three of one start. The failure names the field: temporaryExposureKeys[3].rollingPeriod.
Result<void> check_keys(std::span<const SentKey> keys, Instant now);

/// The onset is within the last 14 days and not in the future. Failure exposure.onset_out_of_range, field symptomOnsetInterval.
Result<void> check_onset(std::int64_t interval, Instant now);
/// Whole UTC days from the onset to the key's day; nothing without an onset, or further apart than 14 days.
std::optional<std::int64_t> onset_days(std::optional<std::int64_t> onset_interval, std::int64_t rolling_start);

/// A key may be told when nobody can pass for its phone any more: two hours after its end, for so long phones still believe its identifiers, rounded up
/// to a whole `period` of export; otherwise from the beginning of the period it came in, so that the time of an upload is not kept.
Instant release_of(const DiagnosisKey& key, Instant now, std::chrono::milliseconds period);

/// Risk told by the phone, or what the reference server puts for each type: confirmed 2, likely 4, negative 6.
std::int64_t risk_of(std::int64_t told, ReportType type);

enum class Change { none, revise, refused };
/// A type may move on from likely (or none told) to confirmed, and from any to negative, never back.
Change decide_change(ReportType from, ReportType to);

/// What the certificate's HMAC is over: "key.start.period.risk" of each key, sorted, joined by commas. Without the risks when all are 0: a phone
/// may leave them out.
std::string mac_text(std::span<const SentKey> keys, bool with_risk);
/// True when `mac` is the HMAC-SHA-256 of one of the texts these keys allow; compared in constant time.
bool mac_holds(std::span<const SentKey> keys, std::span<const std::uint8_t> hmac_key, std::span<const std::uint8_t> mac);

}  // namespace motcua::exposure
