#pragma once
// Base64 (RFC 4648): section 4 with padding, as JSON protocols carry bytes; section 5 without, as JWT does.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua {

enum class Base64 { standard, url };   // "+/" and "="; "-_" and nothing

std::string to_base64(std::span<const std::uint8_t> bytes, Base64 alphabet = Base64::standard);
/// Nothing unless the text is exactly what to_base64 writes: one text for the same bytes.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text, Base64 alphabet = Base64::standard);

}  // namespace motcua
