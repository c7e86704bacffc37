#include "platform/crypto/primitives.hpp"

#include "platform/crypto/crypto.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <memory>
#include <stdexcept>

namespace motcua::crypto {
namespace {

struct CipherContextFree {
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextFree>;

/// Failing here is a defect or no memory, never the input.
void must(int ok) {
  if (ok != 1) throw std::runtime_error("openssl refused a well-formed call");
}

/// Fetched once: an implicit fetch on every call costs more than a small record's encryption.
const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

void check_sizes(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce) {
  if (key.size() != gcm_key_bytes || nonce.size() != gcm_nonce_bytes) throw std::invalid_argument("gcm key or nonce size");
}

}  // namespace

std::vector<std::uint8_t> gcm_seal(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
                                   std::span<const std::uint8_t> authenticated, std::span<const std::uint8_t> plain) {
  check_sizes(key, nonce);
  CipherContext context(EVP_CIPHER_CTX_new());
  must(EVP_EncryptInit_ex2(context.get(), aes_256_gcm(), key.data(), nonce.data(), nullptr));
  int n = 0;
  if (!authenticated.empty())
    must(EVP_EncryptUpdate(context.get(), nullptr, &n, authenticated.data(), static_cast<int>(authenticated.size())));
  std::vector<std::uint8_t> sealed(plain.size() + gcm_tag_bytes);
  if (!plain.empty()) must(EVP_EncryptUpdate(context.get(), sealed.data(), &n, plain.data(), static_cast<int>(plain.size())));
  must(EVP_EncryptFinal_ex(context.get(), sealed.data() + plain.size(), &n));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, gcm_tag_bytes, sealed.data() + plain.size()));
  return sealed;
}

Result<std::vector<std::uint8_t>> gcm_open(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
                                           std::span<const std::uint8_t> authenticated,
                                           std::span<const std::uint8_t> sealed) {
  check_sizes(key, nonce);
  const Failure not_authentic{FailureKind::corrupt, "crypto.not_authentic"};
  if (sealed.size() < gcm_tag_bytes) return not_authentic;
  const std::size_t size = sealed.size() - gcm_tag_bytes;
  CipherContext context(EVP_CIPHER_CTX_new());
  must(EVP_DecryptInit_ex2(context.get(), aes_256_gcm(), key.data(), nonce.data(), nullptr));
  int n = 0;
  if (!authenticated.empty())
    must(EVP_DecryptUpdate(context.get(), nullptr, &n, authenticated.data(), static_cast<int>(authenticated.size())));
  std::vector<std::uint8_t> plain(size);
  if (size != 0) must(EVP_DecryptUpdate(context.get(), plain.data(), &n, sealed.data(), static_cast<int>(size)));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, gcm_tag_bytes, const_cast<std::uint8_t*>(sealed.data() + size)));
  std::uint8_t none[gcm_tag_bytes];
  if (EVP_DecryptFinal_ex(context.get(), none, &n) != 1) {
    sodium_memzero(plain.data(), plain.size());
    return not_authentic;
  }
  return plain;
}

Bytes hkdf_sha256(std::span<const std::uint8_t> key, std::string_view info, std::size_t bytes) {
  constexpr std::uint8_t no_salt[32] = {};
  const Hash256 extracted = hmac_sha256(no_salt, {reinterpret_cast<const char*>(key.data()), key.size()});
  Bytes out;
  std::string block;
  for (char counter = 1; out.size() < bytes; ++counter) {
    const Hash256 next = hmac_sha256(extracted, block + std::string(info) + counter);
    out.insert(out.end(), next.begin(), next.end());
    block.assign(next.begin(), next.end());
  }
  out.resize(bytes);
  return out;
}

Block128 aes128(const Block128& key, const Block128& block) {
  static EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
  CipherContext context(EVP_CIPHER_CTX_new());
  must(EVP_EncryptInit_ex2(context.get(), cipher, key.data(), nullptr, nullptr));
  must(EVP_CIPHER_CTX_set_padding(context.get(), 0));
  Block128 out;
  int n = 0;
  must(EVP_EncryptUpdate(context.get(), out.data(), &n, block.data(), static_cast<int>(block.size())));
  return out;
}

std::vector<std::uint8_t> blake2b(std::span<const std::uint8_t> key, std::string_view text, std::size_t out_bytes) {
  std::vector<std::uint8_t> out(out_bytes);
  if (crypto_generichash_blake2b(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                 key.empty() ? nullptr : key.data(), key.size()) != 0)
    throw std::invalid_argument("blake2b sizes");
  return out;
}

std::array<std::uint8_t, 20> hmac_sha1(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) {
  std::array<std::uint8_t, 20> out{};
  unsigned int n = out.size();
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &n) == nullptr)
    throw std::runtime_error("openssl refused a well-formed call");
  return out;
}

}  // namespace motcua::crypto
