#pragma once
// Numbers packed into as many bits as they need, little-endian, lowest bit first. Readers look up to 8 bytes behind the last bit: whoever
// lays bytes out leaves `bits_slack_bytes` there.
#include <bit>
#include <cstdint>
#include <cstring>

namespace motcua::contacts {

inline constexpr std::size_t bits_slack_bytes = 16;

inline std::uint64_t load64(const std::uint8_t* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

constexpr std::uint64_t low_mask(unsigned width) { return width >= 64 ? ~0ULL : (1ULL << width) - 1; }

/// `width` bits (0..57) from bit `at` on.
inline std::uint64_t read_bits(const std::uint8_t* base, std::uint64_t at, unsigned width) {
  return (load64(base + (at >> 3)) >> (at & 7)) & low_mask(width);
}

constexpr unsigned width_of(std::uint64_t largest) { return static_cast<unsigned>(std::bit_width(largest)); }

/// Ones of a word. Written out, because the oldest processors of the kind have no instruction for it and the library's way is a call.
constexpr unsigned ones_of(std::uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555ULL;
  word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
  return static_cast<unsigned>((word * 0x0101010101010101ULL) >> 56);
}

}  // namespace motcua::contacts
