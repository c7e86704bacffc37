#pragma once
// Randomness, hashes, keys. One seam over OpenSSL and libsodium. Secrets are made at first start (promise 2), wrapped under a
// master key kept outside the database (promise 3).
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace motcua::crypto {

using Bytes = std::vector<std::uint8_t>;
using Hash256 = std::array<std::uint8_t, 32>;

Bits128 random_bits();                                  // from the operating system
std::string random_id(std::string_view kind);           // to_id(kind, random_bits())
Bytes random_bytes(std::size_t n);
Hash256 sha256(std::span<const std::uint8_t> data);
Hash256 sha256(std::string_view data);
Hash256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);
/// HKDF with SHA-256 (RFC 5869) without salt; at most 8,160 bytes.
Bytes hkdf_sha256(std::span<const std::uint8_t> key, std::string_view info, std::size_t bytes);
/// One block under AES-128 (FIPS 197): a pseudo-random function of 16 bytes, not a cipher for messages.
using Block128 = std::array<std::uint8_t, 16>;
Block128 aes128(const Block128& key, const Block128& block);
bool equal_constant_time(std::string_view a, std::string_view b);

/// Keyed 128-bit id of a text (BLAKE2b): the same text gives the same id in this installation and none can be guessed.
std::string keyed_id(std::string_view kind, std::span<const std::uint8_t> key, std::string_view text);

/// argon2id (64 MiB, 3 passes), run by at most two threads at a time; the encoded string.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, std::string_view encoded);

/// RFC 6238, SHA-1, 6 digits, 30 s. `step` receives the step that matched so that a code is used once.
std::string totp(std::span<const std::uint8_t> seed, std::int64_t unix_seconds);
bool verify_totp(std::span<const std::uint8_t> seed, std::string_view code, std::int64_t unix_seconds, std::int64_t& step);

struct KeyPair { Bytes public_key; Bytes secret_key; };   // Ed25519, 32 and 64 bytes
KeyPair make_ed25519();
KeyPair ed25519_of_seed(std::span<const std::uint8_t> seed);  // RFC 8032: the seed is the 32-byte private key
Bytes sign_ed25519(std::span<const std::uint8_t> secret_key, std::string_view message);
bool verify_ed25519(std::span<const std::uint8_t> public_key, std::string_view message, std::span<const std::uint8_t> signature);

/// The installation's keys: DATA/keys/master.key (mode 0600) or MOTCUA_MASTER_KEY_FILE, and named secrets wrapped under it with
/// AES-256-GCM in DATA/keys/. A secret that does not exist is made. Rotation re-wraps all secrets under a new master key; a crash
/// at any moment of it loses nothing, and other processes go on. Safe to call from many threads and many processes.
/// Names: 1-64 of a-z 0-9 . _ - ; secrets: 1-4096 bytes.
/// Failures: crypto.master_key_wrong, _missing, _unreadable, _exposed (mode wider than 0600), crypto.secret_damaged,
/// crypto.not_authentic (open), crypto.file_unreadable, crypto.file_unwritable.
class KeyRing {
 public:
  virtual ~KeyRing() = default;
  virtual Result<Bytes> secret(std::string_view name, std::size_t bytes) = 0;    // symmetric, made at first use
  virtual Result<KeyPair> signing_key(std::string_view name) = 0;                // Ed25519, made at first use
  virtual Result<void> rotate_master() = 0;
  /// AES-256-GCM with a fresh nonce; `context` is authenticated and must be the same when opening.
  virtual Result<Bytes> seal(std::string_view context, std::span<const std::uint8_t> plain) = 0;
  virtual Result<Bytes> open(std::string_view context, std::span<const std::uint8_t> sealed) = 0;
};
Result<std::unique_ptr<KeyRing>> open_key_ring(const std::string& data_dir);

}  // namespace motcua::crypto
