#include "base/ids.hpp"

namespace motcua {
namespace {
constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t base32_of_128_bits = 26;
}  // namespace

std::string to_base32(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  unsigned buffer = 0;
  int bits = 0;
  for (auto byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += crockford[buffer >> bits & 31];
    }
  }
  if (bits > 0) out += crockford[buffer << (5 - bits) & 31];
  return out;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

bool from_hex(std::string_view hex, std::span<std::uint8_t> out) {
  if (hex.size() != out.size() * 2) return false;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

std::string to_id(std::string_view kind, const Bits128& bits) {
  std::string out(kind);
  out += '_';
  return out += to_base32(bits);
}

bool is_id(std::string_view kind, std::string_view text) {
  if (text.size() != kind.size() + 1 + base32_of_128_bits || text.substr(0, kind.size()) != kind || text[kind.size()] != '_')
    return false;
  return text.substr(kind.size() + 1).find_first_not_of(crockford) == std::string_view::npos;
}

}  // namespace motcua
