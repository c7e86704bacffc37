#include <sodium.h>

#include <algorithm>
#include <semaphore>
#include <stdexcept>

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

// RFC 9106 section 4, second recommended option: 64 MiB, 3 passes.
constexpr unsigned long long argon2_passes = 3;
constexpr std::size_t argon2_memory_bytes = 64 * 1024 * 1024;
// At most 128 MiB and two cores are given to sign-ins, however many come at once.
std::counting_semaphore<2> argon2_slots{2};

struct Slot {
  Slot() { argon2_slots.acquire(); }
  ~Slot() { argon2_slots.release(); }
};

constexpr std::int64_t totp_step_seconds = 30;
constexpr std::int64_t totp_steps_either_side = 1;  // RFC 6238 section 5.2: one step back for the wire, one ahead for the clock

std::string totp_of_step(std::span<const std::uint8_t> seed, std::int64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < 8; ++i) counter[7 - i] = static_cast<std::uint8_t>(step >> (8 * i));
  const auto mac = hmac_sha1(seed, counter);
  const std::size_t at = mac[19] & 0x0f;  // dynamic truncation, RFC 4226 section 5.3
  const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7f) << 24) | (static_cast<std::uint32_t>(mac[at + 1]) << 16) |
                               (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  std::string code = std::to_string(number % 1'000'000);
  return std::string(6 - code.size(), '0') + code;
}

}  // namespace

std::string hash_password(std::string_view password) {
  const Slot slot;
  std::string encoded(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(encoded.data(), password.data(), password.size(), argon2_passes, argon2_memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("argon2id: no memory");
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_password(std::string_view password, std::string_view encoded) {
  const Slot slot;
  return crypto_pwhash_str_verify(std::string(encoded).c_str(), password.data(), password.size()) == 0;
}

std::string totp(std::span<const std::uint8_t> seed, std::int64_t unix_seconds) {
  return totp_of_step(seed, unix_seconds / totp_step_seconds);
}

bool verify_totp(std::span<const std::uint8_t> seed, std::string_view code, std::int64_t unix_seconds, std::int64_t& step) {
  const std::int64_t now = unix_seconds / totp_step_seconds;
  bool found = false;
  // All steps are compared whatever the first says: the time taken tells nothing.
  for (std::int64_t s = now - totp_steps_either_side; s <= now + totp_steps_either_side; ++s)
    if (equal_constant_time(totp_of_step(seed, s), code)) {
      found = true;
      step = s;
    }
  return found;
}

}  // namespace motcua::crypto
