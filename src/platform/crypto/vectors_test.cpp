// Published vectors: what the seam over OpenSSL and libsodium must answer, whatever versions of them are installed.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

Bytes hex(std::string_view text) {
  Bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return out;
}
std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Sha256, Fips180) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HmacSha256, Rfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(bytes_of("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HkdfSha256, Rfc5869WithoutSalt) {   // its test case 3
  EXPECT_EQ(to_hex(hkdf_sha256(Bytes(22, 0x0b), "", 42)), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Aes128, Fips197) {   // its appendix C.1
  Block128 key, block;
  for (std::size_t i = 0; i < 16; ++i) {
    key[i] = static_cast<std::uint8_t>(i);
    block[i] = static_cast<std::uint8_t>(i * 0x11);
  }
  EXPECT_EQ(to_hex(aes128(key, block)), "69c4e0d86a7b0430d8cdb78070b4c55a");
}

TEST(Blake2b, Rfc7693AndItsKeyedVectors) {
  EXPECT_EQ(to_hex(blake2b({}, "abc", 64)),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  Bytes key(64);
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(to_hex(blake2b(key, "", 64)),
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
            "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568");
}

struct GcmCase {
  const char *name, *key, *nonce, *authenticated, *plain, *cipher, *tag;
};
// McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, as taken over by NIST: cases 13, 14 and 16.
const GcmCase gcm_cases[] = {
    {"13", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"14", "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"16", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(Aes256Gcm, NistVectors) {
  for (const GcmCase& c : gcm_cases) {
    SCOPED_TRACE(c.name);
    const Bytes sealed = gcm_seal(hex(c.key), hex(c.nonce), hex(c.authenticated), hex(c.plain));
    EXPECT_EQ(to_hex(sealed), std::string(c.cipher) + c.tag);
    auto opened = gcm_open(hex(c.key), hex(c.nonce), hex(c.authenticated), sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(to_hex(*opened), c.plain);
  }
}

TEST(Aes256Gcm, EveryFlippedBitIsFoundOut) {
  const GcmCase& c = gcm_cases[2];
  const Bytes sealed = gcm_seal(hex(c.key), hex(c.nonce), hex(c.authenticated), hex(c.plain));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(gcm_open(hex(c.key), hex(c.nonce), hex(c.authenticated), changed)) << bit;
  }
  EXPECT_FALSE(gcm_open(hex(c.key), hex(c.nonce), {}, sealed));
  EXPECT_FALSE(gcm_open(hex(c.key), hex(c.nonce), hex(c.authenticated), Bytes(15)));
}

struct SignatureCase {
  const char *seed, *public_key, *message, *signature;
};
// RFC 8032 section 7.1, tests 1 to 3.
const SignatureCase signature_cases[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, Rfc8032) {
  for (const SignatureCase& c : signature_cases) {
    const KeyPair pair = ed25519_of_seed(hex(c.seed));
    EXPECT_EQ(to_hex(pair.public_key), c.public_key);
    const std::string message = text_of(hex(c.message));
    Bytes signature = sign_ed25519(pair.secret_key, message);
    EXPECT_EQ(to_hex(signature), c.signature);
    EXPECT_TRUE(verify_ed25519(pair.public_key, message, signature));
    EXPECT_FALSE(verify_ed25519(pair.public_key, message + "x", signature));
    signature[10] ^= 1;
    EXPECT_FALSE(verify_ed25519(pair.public_key, message, signature));
    EXPECT_FALSE(verify_ed25519(pair.public_key, message, Bytes(63)));
  }
}

struct TotpCase {
  std::int64_t seconds;
  const char* code;
};
// RFC 6238 appendix B, SHA-1; its eight digits end in our six.
const TotpCase totp_cases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};

TEST(Totp, Rfc6238) {
  const auto seed = bytes_of("12345678901234567890");
  for (const TotpCase& c : totp_cases) {
    EXPECT_EQ(totp(seed, c.seconds), c.code);
    std::int64_t step = -1;
    EXPECT_TRUE(verify_totp(seed, c.code, c.seconds, step));
    EXPECT_EQ(step, c.seconds / 30);
  }
}

TEST(Totp, OneStepEitherSideAndNoMore) {
  const auto seed = bytes_of("12345678901234567890");
  const std::int64_t now = 1234567890;
  for (const auto& [drift, expected] : std::vector<std::pair<int, bool>>{{-60, false}, {-30, true}, {0, true}, {30, true}, {60, false}}) {
    std::int64_t step = 0;
    EXPECT_EQ(verify_totp(seed, totp(seed, now + drift), now, step), expected) << drift;
  }
  std::int64_t step = 0;
  for (const char* wrong : {"", "00592", "0059245", "abcdef"}) EXPECT_FALSE(verify_totp(seed, wrong, now, step)) << wrong;
}

TEST(Password, Argon2idWithSaltOfItsOwn) {
  const std::string a = hash_password("mot cua 2021"), b = hash_password("mot cua 2021");
  EXPECT_TRUE(a.starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << a;
  EXPECT_NE(a, b);
  EXPECT_TRUE(verify_password("mot cua 2021", a));
  EXPECT_FALSE(verify_password("mot cua 2022", a));
  EXPECT_FALSE(verify_password("mot cua 2021", "not an encoding"));
}

TEST(KeyedId, SameTextSameIdUnderOneKeyOnly) {
  const Bytes one(32, 1), two(32, 2);
  EXPECT_EQ(keyed_id("rec", one, "0912345678"), keyed_id("rec", one, "0912345678"));
  EXPECT_NE(keyed_id("rec", one, "0912345678"), keyed_id("rec", two, "0912345678"));
  EXPECT_NE(keyed_id("rec", one, "0912345678"), keyed_id("rec", one, "0912345679"));
  EXPECT_TRUE(is_id("rec", keyed_id("rec", one, "")));
}

TEST(ConstantTime, Equality) {
  EXPECT_TRUE(equal_constant_time("123456", "123456"));
  EXPECT_FALSE(equal_constant_time("123456", "123457"));
  EXPECT_FALSE(equal_constant_time("123456", "12345"));
  EXPECT_TRUE(equal_constant_time("", ""));
}

}  // namespace
}  // namespace motcua::crypto
