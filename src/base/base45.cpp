#include "base/base45.hpp"

namespace motcua {
namespace {
constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint32_t radix = 45;
}  // namespace

std::string to_base45(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve((bytes.size() * 3 + 1) / 2);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    const bool pair = at + 1 < bytes.size();
    std::uint32_t value = pair ? bytes[at] * 256U + bytes[at + 1] : bytes[at];
    for (int i = 0; i < (pair ? 3 : 2); ++i, value /= radix) out += letters[value % radix];
  }
  return out;
}

std::optional<std::vector<std::uint8_t>> from_base45(std::string_view text) {
  std::vector<std::uint8_t> out;
  if (text.size() % 3 == 1) return std::nullopt;
  out.reserve(text.size() / 3 * 2 + 1);
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::string_view group = text.substr(at, 3);
    std::uint32_t value = 0;
    for (std::size_t i = group.size(); i-- > 0;) {
      const auto digit = letters.find(group[i]);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * radix + static_cast<std::uint32_t>(digit);
    }
    if (value > (group.size() == 3 ? 0xffffU : 0xffU)) return std::nullopt;
    if (group.size() == 3) out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
  }
  return out;
}

}  // namespace motcua
