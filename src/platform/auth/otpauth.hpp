#pragma once
// Handing a TOTP seed to an authenticator: as text, as an otpauth URI, as a QR code.
#include <string>
#include <string_view>

#include "platform/crypto/crypto.hpp"

namespace motcua::auth {

inline constexpr std::size_t totp_seed_bytes = 20;   // RFC 4226 section 4, R6: 160 bits recommended

std::string to_rfc4648_base32(std::span<const std::uint8_t> bytes);   // upper case, no padding
/// otpauth://totp/Một Cửa:login?secret=...&issuer=... , percent-encoded.
std::string otpauth_uri(std::span<const std::uint8_t> seed, std::string_view login);
/// A QR code as inline SVG, 4 modules of quiet zone; empty when the text is too long for one.
std::string qr_svg(const std::string& text, std::string_view label);

}  // namespace motcua::auth
