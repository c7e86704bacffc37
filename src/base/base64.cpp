#include "base/base64.hpp"

namespace motcua {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

char letter(std::uint32_t value, Base64 alphabet) {
  if (value < letters.size()) return letters[value];
  return value == 62 ? (alphabet == Base64::url ? '-' : '+') : (alphabet == Base64::url ? '_' : '/');
}

int value_of(char c, Base64 alphabet) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == letter(62, alphabet)) return 62;
  return c == letter(63, alphabet) ? 63 : -1;
}

}  // namespace

std::string to_base64(std::span<const std::uint8_t> bytes, Base64 alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t here = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < here ? bytes[at + i] : 0U);
    for (std::size_t i = 0; i <= here; ++i) out += letter(group >> (18 - 6 * i) & 63, alphabet);
    if (alphabet == Base64::standard) out.append(3 - here, '=');
  }
  return out;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text, Base64 alphabet) {
  std::vector<std::uint8_t> out;
  std::uint32_t group = 0;
  int bits = 0;
  const std::string_view whole = text;
  if (alphabet == Base64::standard)
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  for (const char c : text) {
    const int value = value_of(c, alphabet);
    if (value < 0) return std::nullopt;
    group = (group << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(group >> bits));
  }
  if (to_base64(out, alphabet) != whole) return std::nullopt;
  return out;
}

}  // namespace motcua
