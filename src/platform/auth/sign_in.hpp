#pragma once
// Signing in: password, then a code; at the first time setting up the codes and choosing a password of one's own instead.
// An unknown login, a wrong password and a disabled account get the same answer after the same work.
#include <functional>
#include <string>
#include <string_view>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/auth/limiter.hpp"
#include "platform/auth/session.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::auth {

inline constexpr std::int64_t step_tries_max = 3;   // codes a password step may try; then the password again, which is limited

struct Credentials {
  Personal<std::string> login, password;
};
struct Origin {
  std::string address;
  std::string request_id;
};
struct Enrolment {
  Personal<std::string> secret;   // base32, in groups of four
  Personal<std::string> uri;
};

/// Failures of all steps: `auth.too_many_tries` (rate_limited), `auth.step_expired` (unauthenticated: begin again).
class SignIn {
 public:
  static Result<SignIn> make(storage::Database& database, crypto::KeyRing& keys, std::function<Instant()> now);

  /// Failure `auth.sign_in_refused` (invalid).
  Result<OpenedSession> start(const Credentials& credentials, const Origin& origin) const;
  /// Stage code. Failure `auth.wrong_code`: wrong, late, or used before.
  Result<OpenedSession> finish_code(std::string_view token, std::string_view code, const Origin& origin) const;
  /// Stage enrol: the seed to set up, the same until it is confirmed.
  Result<Enrolment> begin_enrolment(std::string_view token, const Origin& origin) const;
  Result<OpenedSession> finish_enrolment(std::string_view token, std::string_view code, const Origin& origin) const;
  /// Stage password. Failures of check_password, and `auth.password_same`.
  Result<OpenedSession> choose_password(std::string_view token, const Personal<std::string>& password, const Origin& origin) const;
  /// Of a signed-in person; ends her other sessions. Failure `auth.wrong_password` besides those above.
  Result<void> change_password(const http::Principal& principal, const Personal<std::string>& current,
                               const Personal<std::string>& password, const Origin& origin) const;

 private:
  SignIn(storage::Database& database, crypto::KeyRing& keys, Limiter limiter, std::function<Instant()> now);
  struct Stored;
  Result<std::optional<Stored>> find_login(std::string_view login) const;
  Result<Stored> get_account(const std::string& account) const;
  Result<Session> get_step(std::string_view token, Stage stage) const;
  Result<OpenedSession> finish_with_seed(const Session& step, const Stored& account, const crypto::Bytes& sealed, std::string_view code,
                                         const Origin& origin) const;
  Result<void> check_new(const Stored& account, const std::string& password) const;

  storage::Database& database_;
  crypto::KeyRing& keys_;
  Limiter limiter_;
  Sessions sessions_;
  std::function<Instant()> now_;
  std::string decoy_hash_;   // of nobody's password: what an unknown login is compared with
};

}  // namespace motcua::auth
