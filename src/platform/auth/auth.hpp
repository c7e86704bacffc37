#pragma once
// The door of auth for the house: everything about who is signed in, made once, and what it plugs into the server.
//
//   auto auth = auth::Auth::make({database, keys, units, now});
//   hooks.identify.push_back(auth->identify());     // fills request.principal
//   hooks.check.push_back(auth->guard_forms());     // CSRF
//   auth->add_routes(router, pages);                // sign-in, own account, accounts, approvals
//   auth->purge() from a job every few minutes
#include <functional>
#include <memory>

#include "platform/auth/access.hpp"
#include "platform/auth/account.hpp"
#include "platform/auth/approval.hpp"
#include "platform/auth/one_time_code.hpp"
#include "platform/auth/roles.hpp"
#include "platform/auth/session.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/http/hooks.hpp"
#include "platform/http/router.hpp"

namespace motcua::pages { class Pages; }

namespace motcua::auth {

struct AuthOptions {
  bool allow_plain_http = false;   // sign-in over unencrypted HTTP from other machines; from this one it always works
  SessionLimits sessions = {};
};

class Auth {
 public:
  struct Needs {
    storage::Database& database;
    crypto::KeyRing& keys;
    const units::Units& units;
    std::function<Instant()> now;
    AuthOptions options = {};
  };
  /// Takes about 0.2 s: one password is hashed.
  static Result<std::unique_ptr<Auth>> make(const Needs& needs);

  http::Check identify() const;
  /// For every request that changes something: where it comes from (Sec-Fetch-Site, Origin), and for a signed-in one the token in the
  /// form field `csrf` or the header X-CSRF-Token. Failure `auth.form_not_ours` (forbidden).
  http::Check guard_forms() const;
  void add_routes(http::Router& router, pages::Pages& pages) const;
  /// Deletes what is over: sessions, codes, counters.
  Result<void> purge() const;

  const Accounts& accounts() const { return accounts_; }
  const Sessions& sessions() const { return sessions_; }
  const SignIn& sign_in() const { return sign_in_; }
  const Approvals& approvals() const { return approvals_; }
  const OneTimeCodes& codes() const { return codes_; }
  const units::Units& units() const { return units_; }
  storage::Database& database() const { return database_; }
  Instant now() const { return now_(); }
  const AuthOptions& options() const { return options_; }

 private:
  Auth(const Needs& needs, SignIn sign_in, OneTimeCodes codes);

  storage::Database& database_;
  const units::Units& units_;
  std::function<Instant()> now_;
  AuthOptions options_;
  Accounts accounts_;
  Sessions sessions_;
  SignIn sign_in_;
  Approvals approvals_;
  OneTimeCodes codes_;
};

}  // namespace motcua::auth
