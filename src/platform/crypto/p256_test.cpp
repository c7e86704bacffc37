#include "platform/crypto/p256.hpp"

#include <gtest/gtest.h>

#include "base/ids.hpp"

namespace motcua::crypto {
namespace {

// RFC 6979, A.2.5: the key pair; the scalar less one as a secret of 48 bytes.
constexpr const char* secret_hex = "00000000000000000000000000000000" "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6720";
// The signature the RFC gives for "sample" with SHA-256, which any verifier must accept.
constexpr const char* signature_hex = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";

template <std::size_t N>
Bytes bytes(const char* hex) {
  Bytes out(N);
  EXPECT_TRUE(from_hex(hex, out));
  return out;
}

TEST(P256, TheSignatureOfRfc6979Verifies) {
  const auto key = P256Key::of_secret(bytes<48>(secret_hex)).public_key();
  const Bytes signature = bytes<64>(signature_hex);
  EXPECT_TRUE(key.verify("sample", signature, EcdsaForm::fixed));
  EXPECT_FALSE(key.verify("samplE", signature, EcdsaForm::fixed));
  EXPECT_FALSE(key.verify("sample", signature, EcdsaForm::der));
}

TEST(P256, SignsInBothForms) {
  const P256Key key = P256Key::of_secret(bytes<48>(secret_hex));
  const auto other = P256Key::of_secret(random_bytes(p256_secret_bytes)).public_key();
  for (const EcdsaForm form : {EcdsaForm::der, EcdsaForm::fixed}) {
    Bytes signature = key.sign("message", form);
    EXPECT_TRUE(key.public_key().verify("message", signature, form));
    EXPECT_FALSE(other.verify("message", signature, form));
    signature.back() ^= 1;
    EXPECT_FALSE(key.public_key().verify("message", signature, form));
    signature.pop_back();
    EXPECT_FALSE(key.public_key().verify("message", signature, form));
    EXPECT_FALSE(key.public_key().verify("message", {}, form));
  }
  EXPECT_EQ(key.sign("message", EcdsaForm::fixed).size(), 64U);
}

TEST(P256, PemRoundTripAndWhatIsNone) {
  const P256Key key = P256Key::of_secret(random_bytes(p256_secret_bytes));
  const std::string pem = key.public_key().to_pem();
  EXPECT_TRUE(pem.starts_with("-----BEGIN PUBLIC KEY-----\n")) << pem;
  EXPECT_EQ(pem.find("PRIVATE"), std::string::npos);
  const auto read = P256PublicKey::parse_pem(pem);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->verify("m", key.sign("m", EcdsaForm::der), EcdsaForm::der));
  const std::string ed25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
  for (const std::string& text : {std::string(), std::string("nonsense"), pem.substr(0, 60), ed25519, std::string(p256_pem_bytes_max + 1, 'A')})
    EXPECT_EQ(P256PublicKey::parse_pem(text).failure().code, "crypto.public_key_unreadable");
}

TEST(P256, CoordinatesRoundTripAndPointsOffTheCurve) {
  const P256Key key = P256Key::of_secret(bytes<48>(secret_hex));
  Bytes point = key.public_key().coordinates();
  // RFC 6979, A.2.5: Ux and Uy.
  EXPECT_EQ(to_hex(point), "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const auto read = P256PublicKey::of_coordinates(point);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->verify("sample", bytes<64>(signature_hex), EcdsaForm::fixed));
  point.back() ^= 1;
  for (const Bytes& wrong : {point, Bytes(64), Bytes(64, 0xff), Bytes(63), Bytes()}) EXPECT_EQ(P256PublicKey::of_coordinates(wrong).failure().code, "crypto.public_key_unreadable");
}

}  // namespace
}  // namespace motcua::crypto
