#include <set>
#include <thread>

#include "platform/auth/auth_fixture.hpp"

namespace motcua::auth {
namespace {

class OneTimeCodeTest : public AuthTest {
 protected:
  static Personal<std::string> phone(const char* number = "+84900000001") { return Personal<std::string>(number); }
  CodeRequest asked(bool known = true, const char* number = "+84900000001", const std::string& address = "192.0.2.1") {
    return {"sign-in", phone(number), address, known};
  }
  Result<void> redeem(const std::string& handle, const std::string& code, const std::string& purpose = "sign-in",
                      const char* number = "+84900000001", const std::string& address = "192.0.2.1") {
    return auth->codes().redeem({purpose, phone(number), address, handle, code}, "req_1");
  }
  std::string outcome(const Result<void>& r) { return r ? "accepted" : r.failure().code; }
  IssuedCode issued() { return *auth->codes().issue(asked(), "req_1"); }
  static std::string other_than(const std::string& code) { return code == "123456" ? "123457" : "123456"; }
};
INSTANTIATE_TEST_SUITE_P(Engines, OneTimeCodeTest, tests::both_engines(), tests::engine_name);

TEST_P(OneTimeCodeTest, Promise04SixDigitsThatWorkOnce) {
  const IssuedCode i = issued();
  const std::string code = i.to_send->reveal();
  ASSERT_EQ(code.size(), 6u);
  EXPECT_TRUE(is_id("otc", i.handle));
  EXPECT_EQ(outcome(redeem(i.handle, code.substr(0, 3) + " " + code.substr(3))), "accepted") << "blanks do not matter";
  EXPECT_EQ(outcome(redeem(i.handle, code)), "auth.code_not_accepted");
}

TEST_P(OneTimeCodeTest, Promise04FiveMinutes) {
  IssuedCode i = issued();
  wait(code_lifetime);
  EXPECT_EQ(outcome(redeem(i.handle, i.to_send->reveal())), "accepted");
  i = issued();
  wait(code_lifetime + std::chrono::milliseconds{1});
  EXPECT_EQ(outcome(redeem(i.handle, i.to_send->reveal())), "auth.code_not_accepted");
}

TEST_P(OneTimeCodeTest, Promise04FiveTries) {
  IssuedCode i = issued();
  const std::string code = i.to_send->reveal();
  for (int n = 0; n < 4; ++n) EXPECT_EQ(outcome(redeem(i.handle, other_than(code))), "auth.code_not_accepted");
  EXPECT_EQ(outcome(redeem(i.handle, code)), "accepted") << "the fifth";
  i = issued();
  for (int n = 0; n < 5; ++n) EXPECT_EQ(outcome(redeem(i.handle, other_than(i.to_send->reveal()))), "auth.code_not_accepted");
  EXPECT_EQ(outcome(redeem(i.handle, i.to_send->reveal())), "auth.code_not_accepted") << "the sixth, though right";
}

TEST_P(OneTimeCodeTest, Promise04TriesAtTheSameTimeAreAllCounted) {
  const IssuedCode i = issued();
  const std::string code = i.to_send->reveal();
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 8; ++n) threads.emplace_back([&] { (void)redeem(i.handle, other_than(code)).ok(); });
  }
  EXPECT_EQ(outcome(redeem(i.handle, code)), "auth.code_not_accepted");
}

TEST_P(OneTimeCodeTest, Promise04BoundToItsPurposePhoneAndHandle) {
  const IssuedCode i = issued(), j = issued();
  const std::string code = i.to_send->reveal();
  EXPECT_EQ(outcome(redeem(i.handle, code, "consent")), "auth.code_not_accepted");
  EXPECT_EQ(outcome(redeem(i.handle, code, "sign-in", "+84900000002")), "auth.code_not_accepted");
  EXPECT_EQ(outcome(redeem(crypto::random_id("otc"), code)), "auth.code_not_accepted");
  if (code != j.to_send->reveal()) { EXPECT_EQ(outcome(redeem(j.handle, code)), "auth.code_not_accepted"); }
  EXPECT_EQ(outcome(redeem(i.handle, code)), "accepted");
}

TEST_P(OneTimeCodeTest, Promise04KnownAndUnknownPhonesLookTheSame) {
  const auto known = auth->codes().issue(asked(true, "+84900000001"), "req_1");
  const auto unknown = auth->codes().issue(asked(false, "+84900000002"), "req_1");
  ASSERT_TRUE(known && unknown);
  EXPECT_EQ(known->handle.size(), unknown->handle.size());
  EXPECT_TRUE(known->to_send);
  EXPECT_FALSE(unknown->to_send) << "there is nobody to send it to";
  EXPECT_EQ(outcome(redeem(unknown->handle, "123456", "sign-in", "+84900000002")), "auth.code_not_accepted");
  // The limits strike at the same try.
  for (const bool is_known : {true, false}) {
    const char* number = is_known ? "+84900000001" : "+84900000002";
    int more = 0;
    while (more < 10 && auth->codes().issue(asked(is_known, number), "req_1")) ++more;
    EXPECT_EQ(more, 3) << is_known;
    auto refused = auth->codes().issue(asked(is_known, number), "req_1");
    EXPECT_EQ(refused.failure().code, "auth.too_many_tries");
    EXPECT_EQ(refused.failure().args.at("retry_after_seconds"), "300");
  }
}

TEST_P(OneTimeCodeTest, Promise04LimitsByPhoneAndByAddress) {
  for (int n = 0; n < 4; ++n) ASSERT_TRUE(auth->codes().issue(asked(true, "+84900000001", "192.0.2." + std::to_string(n)), "r"));
  EXPECT_FALSE(auth->codes().issue(asked(true, "+84900000001", "192.0.2.99"), "r")) << "another address does not help";
  wait(std::chrono::minutes{5});
  EXPECT_TRUE(auth->codes().issue(asked(true, "+84900000001"), "r"));
  EXPECT_FALSE(auth->codes().issue(asked(true, "+84900000001"), "r")) << "one after the pause, and a longer pause";
  wait(std::chrono::hours{3});
  int issued_here = 0;
  for (int n = 100; n < 200; ++n)
    issued_here += auth->codes().issue(asked(true, ("+84900000" + std::to_string(n)).c_str(), "192.0.2.7"), "r") ? 1 : 0;
  EXPECT_EQ(issued_here, codes_by_address.tries_max) << "nor does another phone";
}

TEST_P(OneTimeCodeTest, Promise04NeitherCodeNorPhoneNorAddressIsStored) {
  const IssuedCode i = issued();
  const std::string rows = all_rows();
  EXPECT_NE(rows.find(i.handle), std::string::npos) << "the rows are looked at";
  for (const std::string& secret : {i.to_send->reveal(), std::string("84900000001"), std::string("192.0.2.1")})
    EXPECT_EQ(rows.find("|" + secret), std::string::npos);
  EXPECT_EQ(rows.find("84900000001"), std::string::npos);
}

TEST_P(OneTimeCodeTest, PurgeTakesWhatIsOver) {
  const IssuedCode i = issued();
  ASSERT_TRUE(auth->purge());
  EXPECT_NE(all_rows().find(i.handle), std::string::npos);
  wait(std::chrono::hours{3});
  ASSERT_TRUE(auth->purge());
  EXPECT_EQ(all_rows().find(i.handle + "|"), std::string::npos);
}

TEST(RandomCode, EveryDigitInEveryPlace) {
  std::vector<std::set<char>> seen(6);
  for (int n = 0; n < 2000; ++n) {
    const std::string code = random_code();
    ASSERT_EQ(code.size(), 6u);
    for (std::size_t i = 0; i < 6; ++i) seen[i].insert(code[i]);
  }
  for (const auto& digits : seen) EXPECT_EQ(digits.size(), 10u);
}

}  // namespace
}  // namespace motcua::auth
