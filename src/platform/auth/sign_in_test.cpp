#include <chrono>
#include <thread>

#include "platform/auth/auth_fixture.hpp"

namespace motcua::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SignInTest : public AuthTest {
 protected:
  template <class T>
  static std::string outcome(const Result<T>& r) {
    return r ? "ok" : r.failure().code;
  }
  std::string try_code(const std::string& token, const std::string& code) {
    return outcome(auth->sign_in().finish_code(token, code, here()));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SignInTest, tests::both_engines(), tests::engine_name);

TEST_P(SignInTest, PasswordThenCode) {
  const Issued mai = made("mai", {{"tracer", ""}});
  auto step = try_password("  Mai ", mai.password.reveal());
  ASSERT_TRUE(step);
  EXPECT_EQ(step->stage, Stage::code);
  EXPECT_FALSE(*auth->sessions().find_principal(step->token.reveal())) << "half a sign-in is none";
  auto full = auth->sign_in().finish_code(step->token.reveal(), code_of(mai), here());
  ASSERT_TRUE(full) << full.failure().code;
  EXPECT_EQ(full->stage, Stage::full);
  EXPECT_NE(full->token.reveal(), step->token.reveal()) << "a token known before is of no use after";
  EXPECT_FALSE(*auth->sessions().find(step->token.reveal()));
  const auto me = principal_of(full->token.reveal());
  EXPECT_EQ(me.account, mai.account);
  ASSERT_EQ(me.grants.size(), 1u);
  EXPECT_EQ(me.grants[0].role, "tracer");
  EXPECT_GE(me.csrf.size(), 32u);
}

TEST_P(SignInTest, ACodeIsUsedOnce) {
  const Issued mai = made("mai");
  const std::string code = code_of(mai);
  signed_in("mai", mai);
  auto again = try_password("mai", mai.password.reveal());
  EXPECT_EQ(try_code(again->token.reveal(), code), "auth.wrong_code");
  wait(seconds{30});
  EXPECT_EQ(try_code(again->token.reveal(), code), "auth.wrong_code") << "though it would still be in its window";
  EXPECT_EQ(try_code(again->token.reveal(), code_of(mai)), "ok");
}

TEST_P(SignInTest, ThreeCodesAStep) {
  const Issued mai = made("mai");
  auto step = try_password("mai", mai.password.reveal());
  const std::string wrong = code_of(mai) == "000000" ? "000001" : "000000";
  for (int n = 0; n < 3; ++n) EXPECT_EQ(try_code(step->token.reveal(), wrong), "auth.wrong_code");
  EXPECT_EQ(try_code(step->token.reveal(), code_of(mai)), "auth.step_expired");
  EXPECT_EQ(try_code(step->token.reveal(), code_of(mai)), "auth.step_expired");
}

TEST_P(SignInTest, UnknownLoginWrongPasswordAndDisabledAccountGetOneAnswer) {
  const Issued mai = made("mai"), lan = made("lan");
  ASSERT_TRUE(auth->accounts().grant(admin_act(), mai.account, {"administrator", ""}));
  ASSERT_TRUE(auth->accounts().set_active(admin_act(), lan.account, false));
  for (const auto& [login, password] : std::vector<std::pair<std::string, std::string>>{
           {"mai", "not her password"}, {"nobody", "not her password"}, {"lan", lan.password.reveal()}, {"", ""}, {"Không hợp lệ!", "x"}}) {
    const auto r = try_password(login, password);
    ASSERT_FALSE(r) << login;
    EXPECT_EQ(r.failure().code, "auth.sign_in_refused") << login;
    EXPECT_EQ(r.failure().kind, FailureKind::invalid);
    EXPECT_TRUE(r.failure().field.empty() && r.failure().args.empty() && r.failure().detail.empty()) << "no personal data, no hint";
  }
}

TEST_P(SignInTest, AnUnknownLoginTakesAsLongAsAWrongPassword) {
  made("mai");
  const auto time_of = [&](const std::string& login) {
    auto best = std::chrono::steady_clock::duration::max();
    for (int n = 0; n < 3; ++n) {
      const auto start = std::chrono::steady_clock::now();
      (void)try_password(login, "not her password", "192.0.2." + std::to_string(n)).ok();
      best = std::min(best, std::chrono::steady_clock::now() - start);
    }
    return std::chrono::duration<double>(best).count();
  };
  const double known = time_of("mai"), unknown = time_of("nobody");
  EXPECT_GT(unknown, known / 3) << "an unknown login must cost an argon2 too";
  EXPECT_GT(known, unknown / 3);
}

TEST_P(SignInTest, LockOutWithLongerAndLongerPausesForKnownAndUnknownAlike) {
  const Issued mai = made("mai");
  for (const std::string login : {"mai", "nobody"}) {
    for (int n = 0; n < 5; ++n) EXPECT_EQ(outcome(try_password(login, "wrong wrong wrong")), "auth.sign_in_refused") << login << n;
    for (const auto& [pause, retry] : std::vector<std::pair<seconds, const char*>>{{seconds{30}, "30"}, {seconds{60}, "60"}, {seconds{120}, "120"}}) {
      const auto blocked = try_password(login, mai.password.reveal());
      ASSERT_EQ(outcome(blocked), "auth.too_many_tries") << "the right password does not help now";
      EXPECT_EQ(blocked.failure().kind, FailureKind::rate_limited);
      EXPECT_EQ(blocked.failure().args.at("retry_after_seconds"), retry);
      wait(pause);
      EXPECT_EQ(outcome(try_password(login, "wrong wrong wrong")), "auth.sign_in_refused");
    }
  }
  wait(hours{2});
  signed_in("mai", mai);
  for (int n = 0; n < 4; ++n) EXPECT_EQ(outcome(try_password("mai", "wrong wrong wrong")), "auth.sign_in_refused") << "a success wiped the slate";
}

TEST_P(SignInTest, TriesAtTheSameInstantAreAllCounted) {
  made("mai");
  std::atomic<int> let_through = 0;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 12; ++n)
      threads.emplace_back([&] { let_through += outcome(try_password("mai", "wrong wrong wrong")) == "auth.sign_in_refused" ? 1 : 0; });
  }
  EXPECT_EQ(let_through, sign_in_by_login.tries_max);
}

TEST_P(SignInTest, SessionsEndWhenIdleAndAfterAShift) {
  const Issued mai = made("mai");
  std::string token = signed_in("mai", mai);
  for (int n = 0; n < 20; ++n) {
    wait(minutes{29});
    ASSERT_FALSE(principal_of(token).account.empty()) << n;
  }
  wait(minutes{31});
  EXPECT_TRUE(principal_of(token).account.empty()) << "idle";
  token = signed_in("mai", mai);
  for (int n = 0; n < 24; ++n) {
    wait(minutes{29});
    (void)principal_of(token);
  }
  EXPECT_FALSE(principal_of(token).account.empty());
  wait(minutes{25});
  EXPECT_TRUE(principal_of(token).account.empty()) << "twelve hours, however busy";
}

TEST_P(SignInTest, TheInstallationMaySetWhenSessionsEnd) {
  const Issued mai = made("mai");
  const std::string token = signed_in("mai", mai);
  const auto ends_at_once = [&](SessionLimits limits) { return !*Sessions(database(), clock(), limits).find_principal(token); };
  wait(minutes{6});
  EXPECT_TRUE(ends_at_once({.idle_max = minutes{5}})) << "idle";
  EXPECT_TRUE(ends_at_once({.age_max = minutes{5}})) << "age";
  EXPECT_FALSE(ends_at_once({.idle_max = minutes{7}, .age_max = minutes{7}}));
}

TEST_P(SignInTest, AStepWaitsTenMinutes) {
  const Issued mai = made("mai");
  auto step = try_password("mai", mai.password.reveal());
  wait(minutes{11});
  EXPECT_EQ(try_code(step->token.reveal(), code_of(mai)), "auth.step_expired");
}

TEST_P(SignInTest, TheFirstTimeCodesAreSetUpAndAPasswordChosen) {
  auto issued = auth->accounts().create(admin_act(), {.login = "hoa", .display_name = "Người Thử"});
  ASSERT_TRUE(issued);
  auto step = try_password("hoa", issued->password.reveal());
  ASSERT_TRUE(step);
  EXPECT_EQ(step->stage, Stage::enrol);
  const std::string token = step->token.reveal();
  EXPECT_EQ(try_code(token, "123456"), "auth.step_expired") << "no way around it";
  auto enrolment = auth->sign_in().begin_enrolment(token, here());
  ASSERT_TRUE(enrolment);
  EXPECT_EQ(auth->sign_in().begin_enrolment(token, here())->secret, enrolment->secret) << "loading the page again shows the same";
  EXPECT_TRUE(enrolment->uri.reveal().starts_with("otpauth://totp/M%E1%BB%99t%20C%E1%BB%ADa:hoa?secret=")) << enrolment->uri.reveal();
  const auto seed = tests::seed_of(enrolment->secret.reveal());
  ASSERT_EQ(seed.size(), 20u);
  EXPECT_EQ(outcome(auth->sign_in().finish_enrolment(token, "12345", here())), "auth.wrong_code");
  auto next = auth->sign_in().finish_enrolment(token, crypto::totp(seed, to_millis(now) / 1000), here());
  ASSERT_TRUE(next) << next.failure().code;
  EXPECT_EQ(next->stage, Stage::password);
  const auto choose = [&](const std::string& password) {
    return outcome(auth->sign_in().choose_password(next->token.reveal(), Personal<std::string>(password), here()));
  };
  EXPECT_EQ(choose("ngắn quá"), "auth.password_short");
  EXPECT_EQ(choose("aaaaaaaaaaaaaa"), "auth.password_plain");
  EXPECT_EQ(choose("toi la hoa nha ba"), "auth.password_plain");
  EXPECT_EQ(choose(issued->password.reveal()), "auth.password_same");
  EXPECT_EQ(choose("mèo vàng bên cửa sổ"), "ok");
  wait(seconds{30});
  EXPECT_EQ(outcome(try_password("hoa", issued->password.reveal())), "auth.sign_in_refused") << "the one-time password worked once";
  EXPECT_TRUE(try_password("hoa", "mèo vàng bên cửa sổ"));
}

TEST_P(SignInTest, ChangingThePasswordEndsTheOtherSessions) {
  const Issued mai = made("mai");
  const std::string first = signed_in("mai", mai);
  wait(seconds{30});
  const std::string second = signed_in("mai", mai);
  const auto me = principal_of(second);
  const auto change = [&](const std::string& current, const std::string& next) {
    return outcome(auth->sign_in().change_password(me, Personal<std::string>(current), Personal<std::string>(next), here()));
  };
  EXPECT_EQ(change("wrong wrong wrong", "con thuyền ngoài khơi"), "auth.wrong_password");
  EXPECT_EQ(change(mai.password.reveal(), "con thuyền ngoài khơi"), "ok");
  EXPECT_TRUE(principal_of(first).account.empty());
  EXPECT_EQ(principal_of(second).account, mai.account);
}

TEST_P(SignInTest, SignOutAndEndingSessions) {
  const Issued mai = made("mai"), lan = made("lan");
  const std::string a = signed_in("mai", mai);
  wait(seconds{30});
  const std::string b = signed_in("mai", mai), other = signed_in("lan", lan);
  const auto me = principal_of(b);
  EXPECT_EQ(auth->sessions().list(mai.account)->size(), 2u);
  EXPECT_EQ(outcome(auth->sessions().end_own(me, principal_of(other).session, "r")), "auth.session_not_found");
  EXPECT_EQ(outcome(auth->sessions().end_own(me, crypto::random_id("ses"), "r")), "auth.session_not_found") << "not hers and not there look the same";
  ASSERT_TRUE(auth->sessions().end_own(me, principal_of(a).session, "r"));
  EXPECT_TRUE(principal_of(a).account.empty());
  ASSERT_TRUE(auth->sessions().sign_out(me, "r"));
  EXPECT_TRUE(principal_of(b).account.empty());
  EXPECT_FALSE(principal_of(other).account.empty());
}

TEST_P(SignInTest, Promise02And03NoSecretStandsInTheDatabase) {
  const Issued mai = made("mai");
  const std::string token = signed_in("mai", mai);
  const auto seed = tests::seed_of(mai.totp_secret.reveal());
  const std::string rows = all_rows();
  ASSERT_NE(rows.find(mai.account), std::string::npos);
  for (const std::string& secret : {token, mai.password.reveal(), mai.totp_secret.reveal(), std::string(seed.begin(), seed.end()), to_hex(seed)})
    EXPECT_EQ(rows.find(secret), std::string::npos);
}

TEST_P(SignInTest, Promise07SignInsAreOnRecordWithoutLogins) {
  const Issued mai = made("mai-nguyen");
  (void)try_password("mai-nguyen", "wrong wrong wrong").ok();
  signed_in("mai-nguyen", mai);
  auto page = database().read_value([&](storage::Reader& r) { return audit::list_entries(r, {.object = mai.account}); });
  ASSERT_TRUE(page);
  EXPECT_TRUE(std::any_of(page->entries.begin(), page->entries.end(),
                          [&](const audit::Entry& e) { return e.action == "auth.sign_in" && e.actor == mai.account; }));
  std::ostringstream out;
  ASSERT_TRUE(audit::export_json_lines(database(), *keys, out));
  for (const char* personal : {"mai-nguyen", "Người Thử", "192.0.2.1"}) EXPECT_EQ(out.str().find(personal), std::string::npos) << personal;
  EXPECT_FALSE(audit::verify(database(), *keys)->first_break);
}

TEST_P(SignInTest, MasterKeyRotationDoesNotLockAnybodyOut) {
  const Issued mai = made("mai");
  ASSERT_TRUE(keys->rotate_master());
  auto fresh_keys = std::move(*crypto::open_key_ring(dir().file("home")));
  auto again = Auth::make({database(), *fresh_keys, *units, clock()});
  auto step = (*again)->sign_in().start({Personal<std::string>("mai"), mai.password}, here());
  ASSERT_TRUE(step);
  EXPECT_TRUE((*again)->sign_in().finish_code(step->token.reveal(), code_of(mai), here()));
}

}  // namespace
}  // namespace motcua::auth
