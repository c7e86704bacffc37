#pragma once
// RSA signatures of others, verified alone, with SHA-256: RSASSA-PSS (RFC 8017, 8.1; PS256 of RFC 7518 and RFC 8230), RSASSA-PKCS1-v1_5 (8.2; RS256).
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace motcua::crypto {

inline constexpr int rsa_bits_min = 2048, rsa_bits_max = 8192;
inline constexpr std::size_t rsa_pem_bytes_max = 8192;

class RsaPublicKey {
 public:
  /// SubjectPublicKeyInfo in PEM. Failure crypto.public_key_unreadable: no PEM, another kind of key, or a size out of bounds.
  static Result<RsaPublicKey> parse_pem(std::string_view pem);
  /// Modulus and exponent, big-endian, as JWK carries them. The same failure.
  static Result<RsaPublicKey> of_numbers(std::span<const std::uint8_t> modulus, std::span<const std::uint8_t> exponent);
  bool verify_pkcs1(std::string_view message, std::span<const std::uint8_t> signature) const;
  /// MGF1 with SHA-256, a salt of 32 bytes.
  bool verify_pss(std::string_view message, std::span<const std::uint8_t> signature) const;

 private:
  explicit RsaPublicKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

}  // namespace motcua::crypto
