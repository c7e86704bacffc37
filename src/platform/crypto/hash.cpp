#include <openssl/evp.h>
#include <sodium.h>

#include <memory>
#include <stdexcept>

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

[[maybe_unused]] const int sodium_ready = sodium_init();

struct DigestContextFree {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};

/// The algorithm is fetched once and the context kept by thread: a small record then costs its rounds and little more.
const EVP_MD* sha256_algorithm() {
  static EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

Bits128 random_bits() {
  Bits128 bits;
  randombytes_buf(bits.data(), bits.size());
  return bits;
}

std::string random_id(std::string_view kind) { return to_id(kind, random_bits()); }

Bytes random_bytes(std::size_t n) {
  Bytes bytes(n);
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

Hash256 sha256(std::span<const std::uint8_t> data) {
  thread_local std::unique_ptr<EVP_MD_CTX, DigestContextFree> context(EVP_MD_CTX_new());
  Hash256 out;
  unsigned int n = 0;
  if (EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), out.data(), &n) != 1)
    throw std::runtime_error("openssl refused a well-formed call");
  return out;
}

Hash256 sha256(std::string_view data) { return sha256(bytes_of(data)); }

Hash256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(data.data()), data.size());
  Hash256 out;
  crypto_auth_hmacsha256_final(&state, out.data());
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  // Lengths are no secret anywhere this is used: hashes, tokens and codes have fixed ones.
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string keyed_id(std::string_view kind, std::span<const std::uint8_t> key, std::string_view text) {
  if (key.size() < 16) throw std::invalid_argument("keyed_id needs a key of 16 bytes or more");
  const Bytes digest = key.size() <= 64 ? blake2b(key, text, 16) : blake2b(sha256(key), text, 16);
  Bits128 bits;
  std::copy(digest.begin(), digest.end(), bits.begin());
  return to_id(kind, bits);
}

}  // namespace motcua::crypto
