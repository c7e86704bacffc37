#include "platform/crypto/rsa.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* p) const { release(p); }
};
constexpr int salt_bytes = 32;   // as long as the hash: RFC 8230, 2

EVP_PKEY* key_of(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

}  // namespace

Result<RsaPublicKey> RsaPublicKey::parse_pem(std::string_view pem) {
  const Failure unreadable = invalid("crypto.public_key_unreadable", "key");
  if (pem.size() > rsa_pem_bytes_max) return unreadable;
  const std::unique_ptr<BIO, Release<BIO_free>> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr);
  if (key == nullptr) return unreadable;
  RsaPublicKey out({key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }});
  if (EVP_PKEY_is_a(key, "RSA") != 1 || EVP_PKEY_get_bits(key) < rsa_bits_min || EVP_PKEY_get_bits(key) > rsa_bits_max) return unreadable;
  return out;
}

Result<RsaPublicKey> RsaPublicKey::of_numbers(std::span<const std::uint8_t> modulus, std::span<const std::uint8_t> exponent) {
  const Failure unreadable = invalid("crypto.public_key_unreadable", "key");
  constexpr std::size_t exponent_bytes_max = 8;
  if (modulus.empty() || modulus.size() > rsa_bits_max / 8 || exponent.empty() || exponent.size() > exponent_bytes_max) return unreadable;
  const std::unique_ptr<BIGNUM, Release<BN_free>> n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr)), e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) return unreadable;
  const std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) return unreadable;
  RsaPublicKey out({key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }});
  if (EVP_PKEY_get_bits(key) < rsa_bits_min || EVP_PKEY_get_bits(key) > rsa_bits_max) return unreadable;
  return out;
}

bool RsaPublicKey::verify_pkcs1(std::string_view message, std::span<const std::uint8_t> signature) const {
  const std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const auto bytes = bytes_of(message);
  return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_of(key_), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
}

bool RsaPublicKey::verify_pss(std::string_view message, std::span<const std::uint8_t> signature) const {
  const std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const auto bytes = bytes_of(message);
  EVP_PKEY_CTX* padding = nullptr;   // the digest context's own
  return EVP_DigestVerifyInit_ex(context.get(), &padding, "SHA256", nullptr, nullptr, key_of(key_), nullptr) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 && EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, salt_bytes) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
}

}  // namespace motcua::crypto
