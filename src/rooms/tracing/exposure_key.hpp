#pragma once
// What a phone says under the decentralised model (GAEN): identifiers derived from a temporary exposure key. Pure.
// Source: Apple and Google, Exposure Notification, Cryptography Specification v1.2 (April 2020).
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::tracing {

using ExposureKey = crypto::Block128;
inline constexpr std::uint32_t exposure_interval_seconds = 600;
inline constexpr std::uint32_t exposure_key_intervals_max = 144;   // EKRollingPeriod: a key lives a day

/// 32 hex digits. Failure tracing.exposure_key_unreadable.
Result<ExposureKey> parse_exposure_key(std::string_view hex);

/// RPI of the interval (number of 10 minutes since 1970): AES-128(HKDF(key, "EN-RPIK", 16), "EN-RPI" || 0^6 || interval, little endian).
/// One for each interval from `from_interval` on. Failure tracing.intervals_out_of_range: none, more than a key's day, or past 2^32.
Result<std::vector<crypto::Block128>> rolling_proximity_identifiers(const ExposureKey& key, std::uint64_t from_interval, std::uint64_t count);

/// Key of the associated encrypted metadata of all these identifiers: HKDF(key, "EN-AEMK", 16).
crypto::Block128 metadata_key(const ExposureKey& key);
/// Associated encrypted metadata (version, transmit power, two reserved) and back: AES-128-CTR with the identifier as nonce, one block.
using ExposureMetadata = std::array<std::uint8_t, 4>;
ExposureMetadata crypt_metadata(const crypto::Block128& metadata_key, const crypto::Block128& identifier, const ExposureMetadata& metadata);

}  // namespace motcua::tracing
