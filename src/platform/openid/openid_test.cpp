// A provider that answers from memory: what it says wrong, one thing at a time, is refused.
#include "platform/openid/openid.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <latch>
#include <thread>

#include "base/base64.hpp"
#include "platform/crypto/p256.hpp"
#include "platform/crypto/rsa.hpp"

namespace motcua::openid {
namespace {
namespace json = boost::json;

std::string url64(std::string_view text) { return to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, Base64::url); }

struct FakeProvider {
  crypto::P256Key key = crypto::P256Key::of_secret(crypto::random_bytes(crypto::p256_secret_bytes));
  std::string kid = "k1";
  Instant now = from_millis(1'600'000'000'000);
  json::object claims{{"iss", "https://id.example"}, {"aud", "motcua"}, {"sub", "s1"}, {"exp", 1'600'000'300}, {"iat", 1'600'000'000}, {"phone_number", "+84938000204"}, {"phone_number_verified", true}};
  std::string header = R"({"alg":"ES256","kid":"k1"})";
  int key_questions = 0, codes_redeemed = 0;
  std::string last_form;

  std::string token() const {
    const std::string message = url64(header) + "." + url64(json::serialize(claims));
    return message + "." + to_base64(key.sign(message, crypto::EcdsaForm::fixed), Base64::url);
  }
  json::object key_set() const {
    const auto point = key.public_key().coordinates();
    const std::span<const std::uint8_t> all(point);
    return {{"keys", json::array{json::object{{"kty", "EC"}, {"crv", "P-256"}, {"kid", kid}, {"x", to_base64(all.first(32), Base64::url)}, {"y", to_base64(all.subspan(32), Base64::url)}}}}};
  }
  Result<Answer> answer(const Ask& ask) {
    if (ask.url == "https://id.example/.well-known/openid-configuration")
      return Answer{200, R"({"issuer":"https://id.example","authorization_endpoint":"https://id.example/auth","token_endpoint":"https://id.example/token","jwks_uri":"https://id.example/keys"})"};
    if (ask.url == "https://id.example/keys") return ++key_questions, Answer{200, json::serialize(key_set())};
    last_form = ask.form;
    if (++codes_redeemed > 1) return Answer{400, R"({"error":"invalid_grant"})"};
    return Answer{200, json::serialize(json::object{{"id_token", token()}})};
  }
  Provider provider() {
    return Provider({"https://id.example", "motcua", "secret"}, [this](const Ask& ask) { return answer(ask); }, [this] { return now; });
  }
};

TEST(OpenId, WhoSignsInIsTold) {
  FakeProvider fake;
  auto provider = fake.provider();
  const auto started = provider.start("https://door.example/openid/back");
  ASSERT_TRUE(started);
  for (const char* part : {"https://id.example/auth?", "response_type=code", "code_challenge_method=S256", "redirect_uri=https%3A%2F%2Fdoor.example%2Fopenid%2Fback"})
    EXPECT_NE(started->url.find(part), std::string::npos) << part;
  EXPECT_EQ(started->url.find(started->verifier), std::string::npos) << "the verifier stays here";
  fake.claims["nonce"] = started->nonce;
  const auto who = provider.finish(*started, "https://door.example/openid/back", "c0de");
  ASSERT_TRUE(who) << who.failure().detail;
  EXPECT_EQ(who->subject, "s1");
  EXPECT_EQ(who->phone, "+84938000204");
  EXPECT_NE(fake.last_form.find("code_verifier=" + started->verifier), std::string::npos);
  EXPECT_EQ(provider.finish(*started, "https://door.example/openid/back", "c0de").failure().code, "openid.code_not_accepted") << "a code is good once";
}

TEST(OpenId, EachWrongClaimIsAReason) {
  const std::tuple<const char*, std::function<void(FakeProvider&)>, const char*> cases[] = {
      {"nonce", [](FakeProvider& f) { f.claims["nonce"] = "another"; }, "nonce"},
      {"no nonce", [](FakeProvider& f) { f.claims.erase("nonce"); }, "nonce"},
      {"issuer", [](FakeProvider& f) { f.claims["iss"] = "https://evil.example"; }, "issuer"},
      {"audience", [](FakeProvider& f) { f.claims["aud"] = "somebody-else"; }, "audience"},
      {"audience among others without a party", [](FakeProvider& f) { f.claims["aud"] = json::array{"motcua", "x"}; }, "audience"},
      {"another party", [](FakeProvider& f) { f.claims["azp"] = "x"; }, "audience"},
      {"expired", [](FakeProvider& f) { f.now += std::chrono::minutes(8); }, "expired"},
      {"no expiry", [](FakeProvider& f) { f.claims.erase("exp"); }, "expired"},
      {"not valid yet", [](FakeProvider& f) { f.claims["nbf"] = 1'600'003'600; }, "not yet"},
      {"valid from no time", [](FakeProvider& f) { f.claims["nbf"] = "soon"; }, "not yet"},
      {"issued tomorrow", [](FakeProvider& f) { f.claims["iat"] = 1'600'086'400; }, "issued at"},
      {"issued long ago", [](FakeProvider& f) { f.claims["iat"] = 1'599'990'000; }, "issued at"},
      {"no subject", [](FakeProvider& f) { f.claims["sub"] = ""; }, "subject"},
      {"no signature", [](FakeProvider& f) { f.header = R"({"alg":"none","kid":"k1"})"; }, "algorithm"},
      {"a shared secret", [](FakeProvider& f) { f.header = R"({"alg":"HS256","kid":"k1"})"; }, "algorithm"},
      {"a key of another kind", [](FakeProvider& f) { f.header = R"({"alg":"RS256","kid":"k1"})"; }, "signature"},
      {"critical header", [](FakeProvider& f) { f.header = R"({"alg":"ES256","kid":"k1","crit":["x"]})"; }, "form"},
  };
  for (const auto& [what, spoil, why] : cases) {
    FakeProvider fake;
    auto provider = fake.provider();
    const auto started = provider.start("https://door.example/openid/back");
    ASSERT_TRUE(started);
    fake.claims["nonce"] = started->nonce;
    spoil(fake);
    const auto who = provider.finish(*started, "https://door.example/openid/back", "c0de");
    ASSERT_FALSE(who) << what;
    EXPECT_EQ(who.failure().code, "openid.token_not_accepted") << what;
    EXPECT_EQ(who.failure().detail, why) << what;
  }
}

TEST(OpenId, AnAlteredTokenAndAnothersSignatureAreRefused) {
  FakeProvider fake;
  fake.claims["nonce"] = "n";
  const Expected expected{"https://id.example", "motcua", "n", fake.now};
  const std::string good = fake.token();
  ASSERT_TRUE(check_id_token(good, fake.key_set(), expected));
  std::string altered = good;
  altered[good.find('.') + 12] = altered[good.find('.') + 12] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(check_id_token(altered, fake.key_set(), expected));
  FakeProvider other;
  EXPECT_EQ(check_id_token(good, other.key_set(), expected).failure().detail, "signature");
  for (const char* text : {"", ".", "..", "a.b.c", "a.b.c.d", "....."}) EXPECT_FALSE(check_id_token(text, fake.key_set(), expected)) << text;
  EXPECT_FALSE(check_id_token(std::string(token_bytes_max + 1, 'a'), fake.key_set(), expected));
}

TEST(OpenId, ARotatedKeyIsAskedForOnceAMinute) {
  FakeProvider fake;
  auto provider = fake.provider();
  const auto attempt = [&] {
    const auto started = provider.start("https://door.example/openid/back");
    fake.claims["nonce"] = started->nonce;
    fake.codes_redeemed = 0;
    return provider.finish(*started, "https://door.example/openid/back", "c0de").ok();
  };
  EXPECT_TRUE(attempt());
  fake.kid = "k2";
  fake.header = R"({"alg":"ES256","kid":"k2"})";
  EXPECT_FALSE(attempt()) << "asked a moment ago";
  EXPECT_EQ(fake.key_questions, 1);
  fake.now += std::chrono::minutes(2);
  EXPECT_TRUE(attempt());
  EXPECT_EQ(fake.key_questions, 2);
}

TEST(OpenId, ASlowProviderHoldsAFewThreadsAndTheOthersHearAtOnce) {
  std::latch here(asked_at_once_max), go(1);
  Provider provider({"https://id.example", "motcua", ""}, [&](const Ask&) -> Result<Answer> { here.count_down(); go.wait(); return Answer{500, ""}; }, [] { return from_millis(0); });
  std::vector<std::thread> waiting;
  for (int i = 0; i < asked_at_once_max; ++i) waiting.emplace_back([&] { EXPECT_EQ(provider.start("https://door.example/openid/back").failure().code, "openid.answer_unreadable"); });
  here.wait();
  EXPECT_EQ(provider.start("https://door.example/openid/back").failure().code, "openid.unreachable");
  go.count_down();
  for (auto& thread : waiting) thread.join();
  EXPECT_EQ(provider.start("https://door.example/openid/back").failure().code, "openid.answer_unreadable") << "there is a place again";
}

TEST(OpenId, AQuestionThatThrowsGivesItsPlaceBack) {
  Provider provider({"https://id.example", "motcua", ""}, [](const Ask&) -> Result<Answer> { throw std::bad_alloc(); }, [] { return from_millis(0); });
  for (int i = 0; i <= asked_at_once_max; ++i) EXPECT_THROW(static_cast<void>(provider.start("https://door.example/openid/back")), std::bad_alloc) << i;
}

TEST(OpenId, OnlyTlsOrThisMachine) {
  for (const char* url : {"https://id.example/x", "http://127.0.0.1:9/x", "http://localhost/", "http://[::1]:80/"}) EXPECT_TRUE(is_allowed(url)) << url;
  for (const char* url : {"http://id.example/", "http://127.0.0.1.evil.example/", "http://localhost:80@evil.example/", "file:///etc/passwd", "", "ftp://x"}) EXPECT_FALSE(is_allowed(url)) << url;
}

}  // namespace
}  // namespace motcua::openid
