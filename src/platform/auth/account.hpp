#pragma once
// Staff accounts and their grants. Nobody chooses another's lasting password: an account is handed over with a one-time password,
// which its owner replaces at the first sign-in, where she also sets up her codes (TOTP).
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/storage.hpp"
#include "platform/units/units.hpp"

namespace motcua::auth {

inline constexpr std::size_t login_letters_max = 64;      // 3..64 of a-z 0-9 . _ - @
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t password_letters_min = 12;   // NIST SP 800-63B asks for 8; staff read health data
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t grants_max = 50;             // open grants of one account

struct Account {
  std::string id;                       // acc_...
  Personal<std::string> login, display_name;
  bool active = true;
  bool has_totp = false;
  bool must_change_password = false;
  Instant created_at{};
  std::optional<Instant> signed_in_at;
};
struct Grant {
  std::string id;                       // gra_...
  std::string role, area;
  std::optional<Instant> until;
};

struct NewAccount {
  std::string login;
  std::string display_name;
  std::vector<http::RoleGrant> grants = {};
  bool with_totp = false;               // true: a seed is made now, to be handed over with the password
  bool password_is_final = false;       // true: for made-up accounts of a demonstration alone
};
/// What is shown or printed once and kept nowhere.
struct Issued {
  std::string account;
  Personal<std::string> password;
  Personal<std::string> totp_secret;    // base32; empty without
  Personal<std::string> totp_uri;       // otpauth://...; empty without
};

/// Every function that changes something takes the act it goes on record under.
/// Failures: auth.bad_login, auth.bad_name, auth.unknown_role, auth.unknown_area (invalid), auth.login_taken (conflict),
/// auth.account_not_found, auth.grant_not_found, auth.too_many_grants, auth.last_administrator (conflict), auth.roles_apart
/// (conflict: administrator and auditor stand alone), auth.own_account (forbidden: nobody widens her own rights).
class Accounts {
 public:
  Accounts(storage::Database& database, crypto::KeyRing& keys, const units::Units& units, std::function<Instant()> now)
      : database_(database), keys_(keys), units_(units), now_(std::move(now)) {}

  Result<Issued> create(const Act& act, const NewAccount& account) const;
  /// From the command line, on a fresh installation. Failure `auth.administrator_exists` (conflict).
  Result<Issued> create_first_administrator(const Act& act, const std::string& login, const std::string& display_name) const;
  /// New one-time password, codes to be set up anew, all sessions ended. One's own account cannot be reset (change the password instead).
  Result<Issued> reset(const Act& act, const std::string& account) const;
  Result<void> set_active(const Act& act, const std::string& account, bool active) const;
  Result<std::string> grant(const Act& act, const std::string& account, const http::RoleGrant& grant) const;
  Result<void> revoke(const Act& act, const std::string& account, const std::string& grant) const;

  Result<std::optional<Account>> find(const std::string& account) const;
  Result<std::vector<Account>> list(const std::string& after_account = {}, int limit = 50) const;   // by login
  Result<std::vector<Grant>> grants(const std::string& account) const;   // not revoked, not over

 private:
  Result<void> check(const http::RoleGrant& grant) const;

  storage::Database& database_;
  crypto::KeyRing& keys_;
  const units::Units& units_;
  std::function<Instant()> now_;
};

/// Lower case, trimmed; failure `auth.bad_login`.
Result<std::string> parse_login(std::string_view text);
/// Failures auth.password_short, auth.password_long, auth.password_plain (contains the login, or few different letters).
Result<void> check_password(std::string_view password, std::string_view login);
/// Four groups of five letters and digits: about 99 bits.
std::string random_password();

/// Grants in force at that time, as a principal carries them.
Result<std::vector<http::RoleGrant>> load_grants(storage::Reader& reader, const std::string& account, Instant now);

}  // namespace motcua::auth
