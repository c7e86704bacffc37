#pragma once
// Base45 (RFC 9285): bytes in the 45 characters that a QR code holds two of in eleven bits.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua {

std::string to_base45(std::span<const std::uint8_t> bytes);
/// Nothing unless the text is what to_base45 writes: upper case, no group over its largest value, no single character left over.
std::optional<std::vector<std::uint8_t>> from_base45(std::string_view text);

}  // namespace motcua
