#pragma once
// What the tests of this slice share: an installation with a clock that is moved by hand.
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "platform/audit/audit.hpp"
#include "platform/auth/auth.hpp"
#include "platform/intake/intake.hpp"
#include "tests/support/database.hpp"
#include "tests/support/totp.hpp"

namespace motcua::auth {

class AuthTest : public tests::DatabaseTest {
 protected:
  std::vector<std::string> migrations() const override {
    return {"platform/audit/", "platform/auth/", "platform/intake/", "platform/units/"};
  }
  void SetUp() override {
    DatabaseTest::SetUp();
    keys = std::move(*crypto::open_key_ring(dir().file("home")));
    database().set_audit_sink(*audit::make_sink(*keys, {.now = clock()}));
    units = std::make_unique<units::Units>(database());
    auto made = Auth::make({database(), *keys, *units, clock()});
    ASSERT_TRUE(made) << made.failure().code;
    auth = std::move(*made);
  }
  void TearDown() override {
    auth.reset();
    units.reset();
    DatabaseTest::TearDown();
  }
  std::function<Instant()> clock() {
    return [this] { return now; };
  }
  void wait(std::chrono::milliseconds time) { now += time; }

  static Act admin_act(std::string action = "auth.test") { return {"acc_admin", "administrator", "administration", std::move(action), "req_1"}; }
  Origin here(std::string address = "192.0.2.1") const { return {std::move(address), "req_1"}; }
  Issued made(const std::string& login, std::vector<http::RoleGrant> grants = {}, bool final = true) {
    auto issued = auth->accounts().create(
        admin_act(), {.login = login, .display_name = "Người Thử", .grants = std::move(grants), .with_totp = true, .password_is_final = final});
    if (!issued) ADD_FAILURE() << issued.failure().code << " " << issued.failure().detail;
    return issued ? *issued : Issued{};
  }
  Result<OpenedSession> try_password(const std::string& login, const std::string& password, const std::string& address = "192.0.2.1") {
    return auth->sign_in().start({Personal<std::string>(login), Personal<std::string>(password)}, here(address));
  }
  std::string code_of(const Issued& issued) const { return crypto::totp(tests::seed_of(issued.totp_secret.reveal()), to_millis(now) / 1000); }
  /// Password and code, to a full session; its token.
  std::string signed_in(const std::string& login, const Issued& issued) {
    auto step = try_password(login, issued.password.reveal());
    if (!step) ADD_FAILURE() << step.failure().code;
    if (!step) return {};
    auto full = auth->sign_in().finish_code(step->token.reveal(), code_of(issued), here());
    if (!full) ADD_FAILURE() << full.failure().code;
    return full ? full->token.reveal() : "";
  }
  http::Principal principal_of(const std::string& token) {
    auto found = auth->sessions().find_principal(token);
    return found && *found ? **found : http::Principal{};
  }
  http::Request request_of(const http::Principal& principal) {
    http::Request request;
    request.id = "req_1";
    request.principal = principal;
    return request;
  }
  /// All that the tables hold, as one text: for "this stands nowhere".
  std::string all_rows() {
    std::ostringstream out;
    for (const char* sql : {"SELECT id, login, display_name, password_hash, totp_sealed, totp_pending FROM auth_account",
                            "SELECT token_hash, id, account, csrf FROM auth_session", "SELECT bucket FROM auth_attempt",
                            "SELECT id, code_hash FROM auth_code", "SELECT actor, object, subject, detail, request, action FROM audit_entry"}) {
      const int columns = static_cast<int>(std::count(sql, sql + std::string_view(sql).find("FROM"), ',')) + 1;
      auto r = database().read([&](storage::Reader& reader) {
        return reader.query(sql, {}, [&](const storage::Row& row) {
          for (int c = 0; c < columns; ++c) {
            const auto bytes = row.bytes(c);
            out << row.text(c) << '|' << std::string(bytes.begin(), bytes.end()) << '|';
          }
          out << '\n';
        });
      });
      if (!r) ADD_FAILURE() << sql << r.failure().detail;
    }
    return out.str();
  }

  Instant now = from_millis(1'627'700'000'000);
  std::unique_ptr<crypto::KeyRing> keys;
  std::unique_ptr<units::Units> units;
  std::unique_ptr<Auth> auth;
};

}  // namespace motcua::auth
