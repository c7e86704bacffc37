#include <cstdint>
#include <cstring>

#include "platform/intake/csv_scan.hpp"

namespace motcua::intake {
namespace {

/// Bytes of the character at `p` (of `left` bytes), 0 when it is not one, -1 when it is cut.
int character(const unsigned char* p, std::size_t left) {
  const unsigned a = p[0];
  int length = a < 0x80 ? 1 : a < 0xc2 ? 0 : a < 0xe0 ? 2 : a < 0xf0 ? 3 : a < 0xf5 ? 4 : 0;
  if (length <= 1) return length;
  // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629, section 4).
  unsigned low = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
  unsigned high = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) >= left) return -1;
    if (p[i] < low || p[i] > high) return 0;
    low = 0x80, high = 0xbf;
  }
  return length;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text, bool& cut) {
  cut = false;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t i = 0;
  while (i < text.size()) {
    std::uint64_t eight;
    while (i + 8 <= text.size() && (std::memcpy(&eight, p + i, 8), (eight & 0x8080808080808080ULL) == 0)) i += 8;
    if (i == text.size()) break;
    int n = character(p + i, text.size() - i);
    if (n <= 0) {
      cut = n < 0;
      return i;
    }
    i += static_cast<std::size_t>(n);
  }
  return i;
}

}  // namespace motcua::intake
