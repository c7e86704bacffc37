#pragma once
// What an authenticator app does, for tests that sign in.
#include <cstdint>
#include <string>

#include "platform/crypto/crypto.hpp"

namespace motcua::tests {

/// The secret as an authenticator app reads it: base32 of RFC 4648, spaces allowed.
inline crypto::Bytes seed_of(const std::string& base32) {
  crypto::Bytes out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : base32) {
    if (c == ' ') continue;
    buffer = (buffer << 5) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((bits += 5) >= 8) out.push_back(static_cast<std::uint8_t>(buffer >> (bits -= 8)));
  }
  return out;
}

}  // namespace motcua::tests
