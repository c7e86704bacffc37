#include "platform/auth/otpauth.hpp"

#include <qrencode.h>

#include <memory>

namespace motcua::auth {
namespace {

constexpr std::string_view issuer = "Một Cửa";
constexpr int quiet_zone_modules = 4;  // ISO/IEC 18004 section 5.3.8

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (plain)
      out += static_cast<char>(c);
    else
      out.append({'%', digits[c >> 4], digits[c & 15]});
  }
  return out;
}

struct CodeFree {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

/// One path of horizontal runs: a third of the size of one square a module.
std::string path_of(const QRcode& code) {
  std::string path;
  for (int y = 0; y < code.width; ++y)
    for (int x = 0; x < code.width;) {
      int run = 0;
      while (x + run < code.width && (code.data[y * code.width + x + run] & 1) != 0) ++run;
      if (run > 0)
        path += "M" + std::to_string(x + quiet_zone_modules) + " " + std::to_string(y + quiet_zone_modules) + "h" + std::to_string(run) + "v1h-" +
                std::to_string(run) + "z";
      x += run > 0 ? run : 1;
    }
  return path;
}

}  // namespace

std::string to_rfc4648_base32(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const std::uint8_t b : bytes) {
    buffer = (buffer << 8) | b;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(buffer >> (bits - 5)) & 31];
  }
  if (bits > 0) out += alphabet[(buffer << (5 - bits)) & 31];
  return out;
}

std::string otpauth_uri(std::span<const std::uint8_t> seed, std::string_view login) {
  const std::string name = percent_encode(issuer);
  return "otpauth://totp/" + name + ":" + percent_encode(login) + "?secret=" + to_rfc4648_base32(seed) + "&issuer=" + name +
         "&algorithm=SHA1&digits=6&period=30";
}

std::string qr_svg(const std::string& text, std::string_view label) {
  const std::unique_ptr<QRcode, CodeFree> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
  if (!code) return {};
  const std::string size = std::to_string(code->width + 2 * quiet_zone_modules);
  std::string title;
  for (const char c : label) {
    if (c == '<') title += "&lt;";
    else if (c == '&') title += "&amp;";
    else if (c == '"') title += "&quot;";
    else title += c;
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" + title + "\" viewBox=\"0 0 " + size + " " + size +
         "\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\"><rect width=\"" + size + "\" height=\"" + size +
         "\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + path_of(*code) + "\"/></svg>";
}

}  // namespace motcua::auth
