#pragma once
// The health authority's certificate over a phone's keys: a JWT signed with ES256 (RFC 7519, RFC 7518). Pure.
// Source: google/exposure-notifications-server, docs/design/verification_protocol.md and the claims of its API v1.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/crypto/p256.hpp"
#include "rooms/exposure/model.hpp"

namespace motcua::exposure {

inline constexpr std::chrono::minutes certificate_lifetime{15};
inline constexpr std::size_t certificate_bytes_max = 4096;

struct Certificate {
  std::string issuer;                  // iss and aud: one installation is both
  std::string key_version;             // kid: "v1"
  Instant issued_at{};
  Claims claims;                       // reportType, symptomOnsetInterval
  crypto::Bytes mac;                   // tekmac, 32 bytes
};

std::string write_certificate(const Certificate& certificate, const crypto::P256Key& key);

/// A payload with two dots is a certificate; anything else may be a code.
bool looks_like_certificate(std::string_view payload);
/// The `kid` of its header, unverified: which key to ask. Failure exposure.certificate_invalid.
Result<std::string> key_version_of(std::string_view jwt);
/// Signature, algorithm, issuer, audience, times and claims hold. Failure exposure.certificate_invalid, for all alike.
Result<Certificate> read_certificate(std::string_view jwt, const std::string& issuer, const crypto::P256PublicKey& key, Instant now);

}  // namespace motcua::exposure
