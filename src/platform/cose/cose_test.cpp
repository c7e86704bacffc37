#include "platform/cose/cose.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/ids.hpp"

namespace motcua::cose {
namespace {

Bytes bytes(std::string_view hex) {
  Bytes out(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, out)) << hex;
  return out;
}
Bytes of_text(std::string_view text) { return {text.begin(), text.end()}; }

crypto::P256PublicKey point(const char* x_and_y) {
  auto key = crypto::P256PublicKey::of_coordinates(bytes(x_and_y));
  EXPECT_TRUE(key);
  return *key;
}

// RFC 9052, C.7.1, kid "11", and the message of C.2.1.
constexpr const char* key_11 = "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
                               "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";
constexpr const char* message_11 = "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
                                   "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36";
// RFC 8392, A.2.3 and A.3: a signed CWT.
constexpr const char* key_cwt = "143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f"
                                "60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9";
constexpr const char* message_cwt =
    "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f"
    "6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438baca"
    "ca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30";

TEST(Sign1, TheExampleOfRfc9052Verifies) {
  const auto message = read_sign1(bytes(message_11));
  ASSERT_TRUE(message) << message.failure().code;
  EXPECT_EQ(message->kid, of_text("11"));
  EXPECT_EQ(message->payload, of_text("This is the content."));
  EXPECT_TRUE(verify(*message, point(key_11)));
  EXPECT_FALSE(verify(*message, point(key_cwt)));
}

TEST(Sign1, TheExampleOfRfc8392VerifiesWithAndWithoutItsTags) {
  const std::string hex = message_cwt;
  for (const std::string& form : {hex, "d83d" + hex, hex.substr(2)}) {
    const auto message = read_sign1(bytes(form));
    ASSERT_TRUE(message) << form << message.failure().code;
    EXPECT_EQ(message->kid, of_text("AsymmetricECDSA256"));
    EXPECT_TRUE(verify(*message, point(key_cwt)));
  }
}

TEST(Sign1, WhateverBitIsChangedNothingVerifies) {
  const Bytes whole = bytes(message_11);
  const auto key = point(key_11);
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes changed = whole;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    const auto message = read_sign1(changed);
    const bool kid_alone = message && message->kid != of_text("11") && message->payload == of_text("This is the content.");
    // The kid of this example is not protected.
    EXPECT_TRUE(kid_alone || !message || !verify(*message, key)) << "bit " << bit;
  }
}

crypto::P256Key own_key() { return crypto::P256Key::of_secret(Bytes(crypto::p256_secret_bytes, 9)); }

TEST(Sign1, WhatIsWrittenIsReadAndVerifies) {
  const auto key = own_key();
  const auto message = read_sign1(write_sign1(of_text("payload"), of_text("kid!"), key));
  ASSERT_TRUE(message) << message.failure().code;
  EXPECT_EQ(message->kid, of_text("kid!"));
  EXPECT_EQ(message->payload, of_text("payload"));
  EXPECT_EQ(message->algorithm, Algorithm::es256);
  EXPECT_TRUE(verify(*message, key.public_key()));
}

Value sign1(Value header, Value open_header, Value payload, Value signature) {
  return Value(Array{Value(write_cbor(header)), std::move(open_header), std::move(payload), std::move(signature)});
}
const Value es256_alone(Map{{Value(std::int64_t{1}), Value(std::int64_t{-7})}});

TEST(Sign1, TheProtectedKidWins) {
  const Value both = sign1(Value(Map{{Value(std::int64_t{1}), Value(std::int64_t{-7})}, {Value(std::int64_t{4}), Value(of_text("in"))}}),
                           Value(Map{{Value(std::int64_t{4}), Value(of_text("out"))}}), Value(Bytes{}), Value(Bytes{}));
  EXPECT_EQ(read_sign1(write_cbor(both))->kid, of_text("in"));
  EXPECT_EQ(read_sign1(write_cbor(sign1(es256_alone, Value(Map{}), Value(Bytes{}), Value(Bytes{}))))->kid, Bytes{});
}

TEST(Sign1, OtherShapesAreRefused) {
  const Value none(Bytes{}), map(Map{});
  const auto alg = [](std::int64_t n) { return Value(Map{{Value(std::int64_t{1}), Value(n)}}); };
  const Value critical(Map{{Value(std::int64_t{1}), Value(std::int64_t{-7})}, {Value(std::int64_t{2}), Value(Array{Value(std::int64_t{4})})}});
  const std::pair<Value, const char*> cases[] = {
      {Value(std::int64_t{1}), "cose.not_sign1"},
      {Value(Array{none, map, none}), "cose.not_sign1"},
      {sign1(es256_alone, map, Value(nullptr), none), "cose.not_sign1"},                       // detached
      {sign1(es256_alone, none, none, none), "cose.not_sign1"},
      {sign1(critical, map, none, none), "cose.not_sign1"},
      {sign1(es256_alone, Value(Map{{Value(std::int64_t{4}), Value(std::string("text"))}}), none, none), "cose.not_sign1"},
      {Value(Array{Value(of_text("\x01")), map, none, none}), "cose.not_sign1"},              // a header that is no map
      {Value(Array{none, alg(-7), none, none}), "cose.algorithm_unknown"},                    // an algorithm nobody signed
      {sign1(alg(-35), map, none, none), "cose.algorithm_unknown"},
      {Value(Array{Value(of_text("\xa1")), map, none, none}), "cose.cbor_unreadable"},
      {Value(Tagged{98, {sign1(es256_alone, map, none, none)}}), "cose.not_sign1"},            // COSE_Sign
      {Value(Tagged{61, {sign1(es256_alone, map, none, none)}}), "cose.not_sign1"},
      {Value(Tagged{18, {Value(Tagged{18, {sign1(es256_alone, map, none, none)}})}}), "cose.not_sign1"}};
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const auto read = read_sign1(write_cbor(cases[i].first));
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.failure().code, cases[i].second) << i;
  }
}

// ---- PS256

// cose-wg/Examples, rsa-pss-01: what is signed, the signature, the key (SubjectPublicKeyInfo of its n and e). Its salt has 64 bytes: RFC 8230
// settled on 32 afterwards.
constexpr const char* pss_signed = "85695369676e617475726543a1030044a10138244054546869732069732074686520636f6e74656e742e";
constexpr const char* pss_signature =
    "511ab7c07a4c9f1639fd955cdf17db5fc9d7360e07e8de8f835a6e443f56b816a842f5878707e9e4451f3eaec39bbcb30c92ee07ac30f2c856a640d5ba5857f0a96135447f1a3fd207290afc40a033fc"
    "acb6c031285e01fe4c9d4e528ca63c00c55109ea4f6e58232b5d9b7c5448cc4637c8eead7037cc71fda4d1e83fb1ffa7294c744455785b9b9dbc7341826a6f90622533b9aa51998bedbbd6d155869e18"
    "9c4097b6e6ebba2a5a6aa7e08ab8edab7021a567f36c715de34cbf9048609503b7f70da05ea6a6c7df1301fb575abe6f4da8aaa93b5fa6267ca490f03bc90bb5705bb3398466c0afe84af91c0b752c6e"
    "1cac149b07c237988f47980f1301669c";
constexpr const char* pss_key = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvH4p0N9+IMydyNUJ4PaI
lZIq8O9FIZDUAsYbVUM0p7+RyaVwJA+ZT64baQNbz61PfiSesmCHwmZefJWMlnsV
F0E9w/l6QxaRpZmbJXzGzTVrrRaNkpuLrpAgdQ50z2D2/TXWuz/JP8KJAEeGlPUI
sz58AOJPkO3zdFf8Po78/S9CMGMBqCBat0BRUzHVwY8MZNSkO+UvxEBAD2v8VYpu
MohMKvVvKeXFJ4DOpyhfXAV/wN/aIy0K2mgbAUldnQ4yGWYzWI4onlkDX/Zk8FYY
ny8Q/gWCe3lsMm4+dI/6fFie0nPJxDQ2zdtKaiJSPvi8siIWFbeZlm8aulvIS3on
zwIDAQAB
-----END PUBLIC KEY-----
)";

std::string_view text_of(const Bytes& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

TEST(Ps256, ASaltOfAnotherLengthIsNotPs256) {
  const auto key = crypto::RsaPublicKey::parse_pem(pss_key);
  ASSERT_TRUE(key);
  EXPECT_FALSE(key->verify_pss(text_of(bytes(pss_signed)), bytes(pss_signature)));
  EXPECT_FALSE(key->verify_pss(text_of(bytes(pss_signed)), {}));
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using OpenSslKey = std::unique_ptr<EVP_PKEY, Free>;

std::string pem_of(EVP_PKEY* key) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(memory, key);
  char* at = nullptr;
  const long size = BIO_get_mem_data(memory, &at);
  std::string pem(at, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

Bytes sign_pss(EVP_PKEY* key, const Bytes& message) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* padding = nullptr;
  EVP_DigestSignInit_ex(context, &padding, "SHA256", nullptr, nullptr, key, nullptr);
  EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, 32);
  std::size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, message.data(), message.size());
  Bytes signature(size);
  EVP_DigestSign(context, signature.data(), &size, message.data(), message.size());
  EVP_MD_CTX_free(context);
  return signature;
}

TEST(Ps256, AMessageOfAnRsaKeyVerifiesAndKeysOfTheOtherKindNever) {
  const OpenSslKey key(EVP_RSA_gen(2048));
  const Bytes header = write_cbor(Value(Map{{Value(std::int64_t{1}), Value(std::int64_t{-37})}})), payload = of_text("p");
  const Bytes signature = sign_pss(key.get(), write_cbor(Value(Array{Value(std::string("Signature1")), Value(header), Value(Bytes{}), Value(payload)})));
  const auto message = read_sign1(write_cbor(Value(Array{Value(header), Value(Map{}), Value(payload), Value(signature)})));
  ASSERT_TRUE(message) << message.failure().code;
  const auto rsa = crypto::RsaPublicKey::parse_pem(pem_of(key.get()));
  ASSERT_TRUE(rsa);
  EXPECT_TRUE(verify(*message, *rsa));
  EXPECT_FALSE(verify(*message, own_key().public_key()));
  const auto es256 = read_sign1(write_sign1(payload, {}, own_key()));
  EXPECT_FALSE(verify(*es256, *rsa));
}

TEST(Ps256, WhatIsNoRsaKeyOfOurSizesIsRefused) {
  const OpenSslKey small(EVP_RSA_gen(1024));
  for (const std::string& pem : {std::string(), std::string("nonsense"), own_key().public_key().to_pem(), pem_of(small.get()), std::string(crypto::rsa_pem_bytes_max + 1, 'A')})
    EXPECT_EQ(crypto::RsaPublicKey::parse_pem(pem).failure().code, "crypto.public_key_unreadable");
}

}  // namespace
}  // namespace motcua::cose
