#pragma once
// The primitives under crypto.hpp and sealed_file.hpp, open to this slice and its tests (published vectors need fixed nonces).
// Nobody outside calls them: a nonce chosen by hand is how AES-GCM is broken.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::crypto {

inline constexpr std::size_t gcm_key_bytes = 32;
inline constexpr std::size_t gcm_nonce_bytes = 12;
inline constexpr std::size_t gcm_tag_bytes = 16;

/// AES-256-GCM (NIST SP 800-38D): ciphertext followed by the tag of 16 bytes.
std::vector<std::uint8_t> gcm_seal(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
                                   std::span<const std::uint8_t> authenticated, std::span<const std::uint8_t> plain);
/// Failure `crypto.not_authentic` (corrupt) when tag, key, nonce or authenticated data do not fit.
Result<std::vector<std::uint8_t>> gcm_open(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
                                           std::span<const std::uint8_t> authenticated, std::span<const std::uint8_t> sealed);

/// BLAKE2b (RFC 7693), 16..64 bytes out, key of 0..64 bytes.
std::vector<std::uint8_t> blake2b(std::span<const std::uint8_t> key, std::string_view text, std::size_t out_bytes);

/// HMAC with SHA-1, for RFC 6238 alone.
std::array<std::uint8_t, 20> hmac_sha1(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data);

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace motcua::crypto
