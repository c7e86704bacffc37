#pragma once
// Handing a TOTP seed to an authenticator: as text, as an otpauth URI (its QR code: documents/qr.hpp).
#include <string>
#include <string_view>

#include "platform/crypto/crypto.hpp"

namespace motcua::auth {

inline constexpr std::size_t totp_seed_bytes = 20;   // RFC 4226 section 4, R6: 160 bits recommended

std::string to_rfc4648_base32(std::span<const std::uint8_t> bytes);   // upper case, no padding
/// otpauth://totp/Một Cửa:login?secret=...&issuer=... , percent-encoded.
std::string otpauth_uri(std::span<const std::uint8_t> seed, std::string_view login);

}  // namespace motcua::auth
