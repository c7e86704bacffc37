#pragma once
// Identifiers shown to anyone are 128 random bits (trust.md, promise 1), one kind per type: `per_` + 26 characters of
// Crockford base32 in lower case. They cannot be guessed, counted or enumerated, and a look at one says what it names.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace motcua {

using Bits128 = std::array<std::uint8_t, 16>;

/// `kind` is the prefix without the underscore, 2-4 lower-case letters: per, sub, cas, con, tsk, imp, acc ...
std::string to_id(std::string_view kind, const Bits128& bits);
/// True when the text has the prefix and 26 base32 characters: cheap, before any look-up.
bool is_id(std::string_view kind, std::string_view text);
std::string to_base32(std::span<const std::uint8_t> bytes);  // Crockford, lower case, no padding
std::string to_hex(std::span<const std::uint8_t> bytes);     // lower case
/// Digits of any case, exactly two a byte; false: it is not that, and `out` is worth nothing.
bool from_hex(std::string_view hex, std::span<std::uint8_t> out);

}  // namespace motcua
