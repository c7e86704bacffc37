#pragma once
// Numbers packed into as many bits as they need, little-endian, lowest bit first. Readers look up to 8 bytes behind the last bit: whoever
// lays bytes out leaves `bits_slack_bytes` there.
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

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

/// Puts fields one behind another.
class BitWriter {
 public:
  explicit BitWriter(std::vector<std::uint8_t>& out) : out_(out) {}
  void put(std::uint64_t value, unsigned width) {      // width 0..57
    held_ |= value << count_;
    count_ += width;
    while (count_ >= 8) {
      out_.push_back(static_cast<std::uint8_t>(held_));
      held_ >>= 8;
      count_ -= 8;
    }
  }
  void finish() {
    if (count_ > 0) out_.push_back(static_cast<std::uint8_t>(held_));
    held_ = 0;
    count_ = 0;
  }

 private:
  std::vector<std::uint8_t>& out_;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

}  // namespace motcua::contacts
