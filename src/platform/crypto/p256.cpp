#include "platform/crypto/p256.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* p) const { release(p); }
};
using Number = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free>>;

constexpr std::size_t number_bytes = 32;
constexpr const char* curve = "prime256v1";

void must(bool ok) {
  if (!ok) throw std::runtime_error("openssl refused a well-formed call");
}

EVP_PKEY* key_of(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }
std::shared_ptr<void> owned(EVP_PKEY* key) { return {key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }}; }

bool is_p256(EVP_PKEY* key) {
  std::array<char, 64> name{};
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1 && std::string_view(name.data()) == curve;
}

Number scalar_of(std::span<const std::uint8_t> secret, const EC_GROUP* group) {
  Number number(BN_secure_new()), below(BN_dup(EC_GROUP_get0_order(group)));
  const std::unique_ptr<BN_CTX, Release<BN_CTX_free>> scratch(BN_CTX_secure_new());
  must(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), number.get()) != nullptr && BN_sub_word(below.get(), 1) == 1);
  must(BN_mod(number.get(), number.get(), below.get(), scratch.get()) == 1 && BN_add_word(number.get(), 1) == 1);
  return number;
}

Bytes to_fixed(const Bytes& der) {
  const std::uint8_t* at = der.data();
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  must(signature != nullptr);
  Bytes out(2 * number_bytes);
  must(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), number_bytes) == number_bytes);
  must(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + number_bytes, number_bytes) == number_bytes);
  return out;
}

/// Nothing when it is not two numbers of 32 bytes.
Bytes to_der(std::span<const std::uint8_t> fixed) {
  if (fixed.size() != 2 * number_bytes) return {};
  const Signature signature(ECDSA_SIG_new());
  must(ECDSA_SIG_set0(signature.get(), BN_bin2bn(fixed.data(), number_bytes, nullptr), BN_bin2bn(fixed.data() + number_bytes, number_bytes, nullptr)) == 1);
  std::uint8_t* made = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &made);
  must(size > 0);
  Bytes der(made, made + size);
  OPENSSL_free(made);
  return der;
}

/// X9.62, uncompressed: 4, X, Y.
constexpr std::size_t point_bytes = 1 + 2 * number_bytes;

}  // namespace

P256Key P256Key::of_secret(std::span<const std::uint8_t> secret) {
  if (secret.size() != p256_secret_bytes) throw std::invalid_argument("a P-256 key is made of 48 bytes");
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Number scalar = scalar_of(secret, group.get());
  const Point point(EC_POINT_new(group.get()));
  must(EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr) == 1);
  Bytes coordinates(point_bytes);
  must(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, coordinates.data(), coordinates.size(), nullptr) == coordinates.size());
  const std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) == 1 &&
       OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, coordinates.data(), coordinates.size()) == 1);
  const std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_fromdata_init(context.get()) == 1 && EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
  return P256Key(owned(key));
}

Bytes P256Key::sign(std::string_view message, EcdsaForm form) const {
  const DigestContext context(EVP_MD_CTX_new());
  const auto bytes = bytes_of(message);
  std::size_t size = 0;
  must(EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_of(key_), nullptr) == 1 &&
       EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()) == 1);
  Bytes der(size);
  must(EVP_DigestSign(context.get(), der.data(), &size, bytes.data(), bytes.size()) == 1);
  der.resize(size);
  return form == EcdsaForm::der ? der : to_fixed(der);
}

P256PublicKey P256Key::public_key() const { return P256PublicKey(key_); }   // its own member never hands out the private part

Result<P256PublicKey> P256PublicKey::parse_pem(std::string_view pem) {
  const Failure unreadable = invalid("crypto.public_key_unreadable", "key");
  if (pem.size() > p256_pem_bytes_max) return unreadable;
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr);
  if (key == nullptr) return unreadable;
  P256PublicKey out(owned(key));
  if (!is_p256(key)) return unreadable;
  return out;
}

Result<P256PublicKey> P256PublicKey::of_coordinates(std::span<const std::uint8_t> x_and_y) {
  const Failure unreadable = invalid("crypto.public_key_unreadable", "key");
  if (x_and_y.size() != 2 * number_bytes) return unreadable;
  Bytes point{4};
  point.insert(point.end(), x_and_y.begin(), x_and_y.end());
  const std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
       OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  const std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) return unreadable;
  P256PublicKey out(owned(key));
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (EVP_PKEY_public_check(check.get()) != 1) return unreadable;
  return out;
}

Bytes P256PublicKey::coordinates() const {
  Bytes point(point_bytes);
  std::size_t size = 0;
  must(EVP_PKEY_get_octet_string_param(key_of(key_), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) == 1 && size == point.size());
  return {point.begin() + 1, point.end()};
}

std::string P256PublicKey::to_pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PUBKEY(memory.get(), key_of(key_)) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool P256PublicKey::verify(std::string_view message, std::span<const std::uint8_t> signature, EcdsaForm form) const {
  const Bytes der = form == EcdsaForm::der ? Bytes(signature.begin(), signature.end()) : to_der(signature);
  if (der.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  const auto bytes = bytes_of(message);
  return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_of(key_), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), bytes.data(), bytes.size()) == 1;
}

std::string version_name(std::int64_t version) { return "v" + std::to_string(version); }

Result<P256Key> p256_key(KeyRing& keys, std::string_view name, std::int64_t version) {
  TRY_ASSIGN(const auto secret, keys.secret(std::string(name) + '-' + version_name(version), p256_secret_bytes));
  return P256Key::of_secret(secret);
}

}  // namespace motcua::crypto
