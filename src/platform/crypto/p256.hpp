#pragma once
// ECDSA over P-256 with SHA-256 (FIPS 186-5; in X.509 terms 1.2.840.10045.4.3.2), for what programs of others verify: export archives, JWT.
// Within the house Ed25519 signs (crypto.hpp).
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::crypto {

/// How a signature is written: X9.62, an ASN.1 sequence of two integers (70 to 72 bytes), or the two of 32 bytes each, as in JWS ES256.
enum class EcdsaForm { der, fixed };
inline constexpr std::size_t p256_secret_bytes = 48;        // FIPS 186-5, A.2.1: 128 bits more than the order has, so that no scalar is likelier
inline constexpr std::size_t p256_pem_bytes_max = 4096;

class P256PublicKey {
 public:
  /// SubjectPublicKeyInfo in PEM. Failure crypto.public_key_unreadable: no PEM, or a key of another kind.
  static Result<P256PublicKey> parse_pem(std::string_view pem);
  /// X and Y of 32 bytes each, as JWK and COSE_Key carry them. The same failure: a point that is not on the curve.
  static Result<P256PublicKey> of_coordinates(std::span<const std::uint8_t> x_and_y);
  Bytes coordinates() const;
  std::string to_pem() const;
  bool verify(std::string_view message, std::span<const std::uint8_t> signature, EcdsaForm form) const;

 private:
  friend class P256Key;
  explicit P256PublicKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

/// A private key. Safe to use from many threads.
class P256Key {
 public:
  /// The scalar is the secret, as a big-endian number, modulo the order less one, plus one. Other than 48 bytes: std::invalid_argument.
  static P256Key of_secret(std::span<const std::uint8_t> secret);
  Bytes sign(std::string_view message, EcdsaForm form) const;
  P256PublicKey public_key() const;

 private:
  explicit P256Key(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

/// Keys by version, for what is rotated without an outage: the secret "<name>-v3" of the ring, made when it is first asked for.
std::string version_name(std::int64_t version);   // "v3"
Result<P256Key> p256_key(KeyRing& keys, std::string_view name, std::int64_t version);

}  // namespace motcua::crypto
