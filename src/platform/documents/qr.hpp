#pragma once
// QR codes (ISO/IEC 18004): bytes to modules, modules to SVG. Reading them: scan.hpp.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace motcua::documents {

/// What share of the code may be unreadable: 7, 15, 25, 30 % (ISO/IEC 18004 section 7.5).
enum class Correction { low, medium, quartile, high };

inline constexpr int qr_quiet_zone_modules = 4;   // section 5.3.8; whoever draws a code leaves it free

struct Qr {
  int size = 0;                        // modules a side, 21 to 177, without the quiet zone
  std::vector<std::uint8_t> modules;   // rows from the top, 1 dark
  bool dark(int x, int y) const { return modules[static_cast<std::size_t>(y * size + x)] != 0; }
};

/// The smallest code that holds the bytes: alphanumeric mode (11 bits for two) when they are all of 0-9 A-Z $%*+-./: and blank, byte mode
/// otherwise. Failures: documents.qr_empty; documents.qr_too_long (too_large) above what version 40 holds (`limit` bytes).
Result<Qr> encode_qr(std::string_view bytes, Correction correction = Correction::medium);

/// Inline SVG of 240 px, `label` for those who cannot see it (escaped here).
std::string qr_svg(const Qr& code, std::string_view label);

}  // namespace motcua::documents
