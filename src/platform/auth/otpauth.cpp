#include "platform/auth/otpauth.hpp"

#include "platform/http/target.hpp"

namespace motcua::auth {
namespace {

constexpr std::string_view issuer = "Một Cửa";

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
  const std::string name = http::percent_encode(issuer);
  return "otpauth://totp/" + name + ":" + http::percent_encode(login) + "?secret=" + to_rfc4648_base32(seed) + "&issuer=" + name +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace motcua::auth
