#include "rooms/tracing/exposure_key.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace motcua::tracing {
namespace {

crypto::Block128 derived(const ExposureKey& key, std::string_view info) {
  const crypto::Bytes bytes = crypto::hkdf_sha256(key, info, key.size());
  crypto::Block128 out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

crypto::Block128 padded(std::uint32_t interval) {
  constexpr std::string_view label = "EN-RPI";
  crypto::Block128 block{};
  std::copy(label.begin(), label.end(), block.begin());
  for (std::size_t i = 0; i < 4; ++i) block[12 + i] = static_cast<std::uint8_t>(interval >> (8 * i));
  return block;
}

}  // namespace

Result<ExposureKey> parse_exposure_key(std::string_view hex) {
  ExposureKey key;
  if (!from_hex(hex, key)) return invalid("tracing.exposure_key_unreadable");
  return key;
}

Result<std::vector<crypto::Block128>> rolling_proximity_identifiers(const ExposureKey& key, std::uint64_t from_interval, std::uint64_t count) {
  constexpr std::uint64_t intervals_end = std::uint64_t{1} << 32;
  if (count == 0 || count > exposure_key_intervals_max || from_interval > intervals_end - count)
    return invalid("tracing.intervals_out_of_range", "count", {{"max", std::to_string(exposure_key_intervals_max)}});
  const crypto::Block128 identifier_key = derived(key, "EN-RPIK");
  std::vector<crypto::Block128> identifiers;
  for (std::uint64_t i = 0; i < count; ++i) identifiers.push_back(crypto::aes128(identifier_key, padded(static_cast<std::uint32_t>(from_interval + i))));
  return identifiers;
}

crypto::Block128 metadata_key(const ExposureKey& key) { return derived(key, "EN-AEMK"); }

ExposureMetadata crypt_metadata(const crypto::Block128& metadata_key, const crypto::Block128& identifier, const ExposureMetadata& metadata) {
  const crypto::Block128 stream = crypto::aes128(metadata_key, identifier);
  ExposureMetadata out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = metadata[i] ^ stream[i];
  return out;
}

}  // namespace motcua::tracing
