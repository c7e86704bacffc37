#include "platform/auth/account.hpp"

#include <algorithm>
#include <set>

#include "platform/auth/otpauth.hpp"
#include "platform/auth/roles.hpp"

namespace motcua::auth {
namespace {

constexpr std::string_view account_columns =
    "SELECT id, login, display_name, state, CASE WHEN totp_sealed IS NULL THEN 0 ELSE 1 END, must_change_password, created_at, signed_in_at FROM auth_account ";
constexpr std::string_view in_force = "revoked_at IS NULL AND (until IS NULL OR until > $2)";

Account account_of(const storage::Row& r) {
  return {r.string(0),
          Personal<std::string>(r.string(1)),
          Personal<std::string>(r.string(2)),
          r.text(3) == "active",
          r.integer(4) != 0,
          r.integer(5) != 0,
          r.instant(6),
          r.optional_instant(7)};
}

Result<void> end_sessions(storage::Transaction& tx, const std::string& account) {
  TRY(tx.execute("DELETE FROM auth_session WHERE account = $1", {account}));
  return {};
}

/// After a change that could lock everybody out: somebody active must still be administrator of the whole country.
Result<void> keep_an_administrator(storage::Transaction& tx, Instant now) {
  TRY_ASSIGN(const auto left,
             tx.find("SELECT COUNT(*) FROM auth_grant g JOIN auth_account a ON a.id = g.account WHERE g.role = $1 AND a.state = 'active' "
                     "AND g.revoked_at IS NULL AND (g.until IS NULL OR g.until > $2)",
                     {"administrator", now}, [](const storage::Row& r) { return r.integer(0); }));
  if (left.value_or(0) == 0) return conflict("auth.last_administrator");
  return {};
}

/// Who gives rights reads no health data, and who reads the log changes nothing (trust.md): those two roles stand alone.
Result<void> check_apart(const std::vector<http::RoleGrant>& grants) {
  std::set<std::string> roles;
  for (const http::RoleGrant& grant : grants) roles.insert(grant.role);
  if (roles.size() > 1 && (roles.count("administrator") != 0 || roles.count("auditor") != 0)) return conflict("auth.roles_apart");
  return {};
}

Result<void> insert_grant(storage::Transaction& tx, const std::string& account, const std::string& id, const http::RoleGrant& grant,
                          Instant now) {
  TRY(tx.execute("INSERT INTO auth_grant (id, account, role, area, until, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                 {id, account, grant.role, grant.area, grant.until, tx.act().actor, now}));
  tx.note({.action = "auth.grant", .object = account, .area = grant.area, .detail = "{\"role\":\"" + grant.role + "\"}"});
  return {};
}

Result<void> touch(const Result<std::int64_t>& changed, const char* code) {
  if (!changed) return changed.failure();
  if (*changed == 0) return not_found(code);
  return {};
}

}  // namespace

Result<std::string> parse_login(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string login;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
    if (!good || login.size() == login_letters_max) return invalid("auth.bad_login", "login");
    login += c;
  }
  if (login.size() < 3) return invalid("auth.bad_login", "login");
  return login;
}

Result<void> check_password(std::string_view password, std::string_view login) {
  const auto letters = std::count_if(password.begin(), password.end(), [](char c) { return (c & 0xc0) != 0x80; });
  if (static_cast<std::size_t>(letters) < password_letters_min)
    return invalid("auth.password_short", "password", {{"letters_min", std::to_string(password_letters_min)}});
  if (password.size() > password_bytes_max) return invalid("auth.password_long", "password");
  if (std::set<char>(password.begin(), password.end()).size() < 5 || (!login.empty() && password.find(login) != std::string_view::npos))
    return invalid("auth.password_plain", "password");
  return {};
}

std::string random_password() {
  // Crockford's alphabet has no letters that look alike; 20 of 32 letters are 100 bits.
  const std::string letters = to_base32(crypto::random_bytes(13)).substr(0, 20);
  return letters.substr(0, 5) + "-" + letters.substr(5, 5) + "-" + letters.substr(10, 5) + "-" + letters.substr(15, 5);
}

Result<std::vector<http::RoleGrant>> load_grants(storage::Reader& reader, const std::string& account, Instant now) {
  return reader.list("SELECT role, area, until FROM auth_grant WHERE account = $1 AND " + std::string(in_force) + " ORDER BY granted_at, id",
                     {account, now}, [](const storage::Row& r) {
                       return http::RoleGrant{r.string(0), r.string(1), r.optional_instant(2)};
                     });
}

Result<void> Accounts::check(const http::RoleGrant& grant) const {
  if (find_role(grant.role) == nullptr) return invalid("auth.unknown_role", "role");
  if (grant.area.empty() || grant.area == "vn") return {};
  if (!units_.empty() && !units_.find(grant.area, vietnam_date(now_()))) return invalid("auth.unknown_area", "area");
  return {};
}

Result<Issued> Accounts::create(const Act& act, const NewAccount& account) const {
  NewAccount checked = account;
  TRY_ASSIGN(checked.login, parse_login(account.login));
  if (account.display_name.empty() || account.display_name.size() > name_bytes_max) return invalid("auth.bad_name", "display_name");
  if (account.grants.size() > grants_max) return invalid("auth.too_many_grants", "role");
  for (const http::RoleGrant& grant : account.grants) TRY(check(grant));
  TRY(check_apart(account.grants));
  const std::string password = random_password();
  const std::string hash = crypto::hash_password(password);
  Issued issued{crypto::random_id("acc"), Personal<std::string>(password), {}, {}};
  const crypto::Bytes seed = crypto::random_bytes(totp_seed_bytes);
  storage::Value sealed;
  if (account.with_totp) {
    TRY_ASSIGN(auto bytes, keys_.seal("totp:" + issued.account, seed));
    sealed = storage::Value(std::move(bytes));
    issued.totp_secret = Personal<std::string>(to_rfc4648_base32(seed));
    issued.totp_uri = Personal<std::string>(otpauth_uri(seed, checked.login));
  }
  const Instant now = now_();
  std::vector<std::string> grant_ids;
  for (std::size_t i = 0; i < checked.grants.size(); ++i) grant_ids.push_back(crypto::random_id("gra"));
  TRY(database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto taken, tx.find("SELECT 1 FROM auth_account WHERE login = $1", {checked.login},
                                         [](const storage::Row& r) { return r.integer(0); }));
    if (taken) return Failure{FailureKind::conflict, "auth.login_taken", "login"};
    TRY(tx.execute("INSERT INTO auth_account (id, login, display_name, password_hash, must_change_password, totp_sealed, "
                   "totp_step_last, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 'active', $7)",
                   {issued.account, checked.login, checked.display_name, hash, !checked.password_is_final, sealed, now}));
    tx.note({.action = "auth.create_account", .object = issued.account});
    for (std::size_t i = 0; i < checked.grants.size(); ++i)
      TRY(insert_grant(tx, issued.account, grant_ids[i], checked.grants[i], now));
    return {};
  }));
  return issued;
}

Result<Issued> Accounts::create_first_administrator(const Act& act, const std::string& login, const std::string& display_name) const {
  TRY_ASSIGN(const auto there, database_.read_value([&](storage::Reader& r) {
    return r.find("SELECT COUNT(*) FROM auth_grant WHERE role = $1 AND " + std::string(in_force), {"administrator", now_()},
                  [](const storage::Row& row) { return row.integer(0); });
  }));
  if (there.value_or(0) > 0) return conflict("auth.administrator_exists");
  return create(act, {.login = login, .display_name = display_name, .grants = {{"administrator", ""}}, .with_totp = true});
}

Result<Issued> Accounts::reset(const Act& act, const std::string& account) const {
  if (act.actor == account) return Failure{FailureKind::forbidden, "auth.own_account"};
  const std::string password = random_password();
  const std::string hash = crypto::hash_password(password);
  TRY(database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(touch(tx.execute("UPDATE auth_account SET password_hash = $1, must_change_password = 1, totp_sealed = NULL, totp_pending = NULL "
                         "WHERE id = $2",
                         {hash, account}),
              "auth.account_not_found"));
    tx.note({.action = "auth.reset_account", .object = account});
    return end_sessions(tx, account);
  }));
  return Issued{account, Personal<std::string>(password), {}, {}};
}

Result<void> Accounts::set_active(const Act& act, const std::string& account, bool active) const {
  if (act.actor == account) return Failure{FailureKind::forbidden, "auth.own_account"};
  return database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(touch(tx.execute("UPDATE auth_account SET state = $1 WHERE id = $2", {active ? "active" : "disabled", account}),
              "auth.account_not_found"));
    tx.note({.action = active ? "auth.enable_account" : "auth.disable_account", .object = account});
    if (active) return {};
    TRY(keep_an_administrator(tx, now_()));
    return end_sessions(tx, account);
  });
}

Result<std::string> Accounts::grant(const Act& act, const std::string& account, const http::RoleGrant& grant) const {
  if (act.actor == account) return Failure{FailureKind::forbidden, "auth.own_account"};
  TRY(check(grant));
  const std::string id = crypto::random_id("gra");
  const Instant now = now_();
  TRY(database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto there, tx.find("SELECT 1 FROM auth_account WHERE id = $1", {account},
                                         [](const storage::Row& r) { return r.integer(0); }));
    if (!there) return not_found("auth.account_not_found");
    TRY_ASSIGN(auto open, load_grants(tx, account, now));
    if (open.size() >= grants_max) return conflict("auth.too_many_grants");
    open.push_back(grant);
    TRY(check_apart(open));
    return insert_grant(tx, account, id, grant, now);
  }));
  return id;
}

Result<void> Accounts::revoke(const Act& act, const std::string& account, const std::string& grant) const {
  const Instant now = now_();
  return database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(touch(tx.execute("UPDATE auth_grant SET revoked_at = $1 WHERE id = $2 AND account = $3 AND revoked_at IS NULL", {now, grant, account}),
              "auth.grant_not_found"));
    tx.note({.action = "auth.revoke", .object = account});
    return keep_an_administrator(tx, now);
  });
}

Result<std::optional<Account>> Accounts::find(const std::string& account) const {
  return database_.read_value(
      [&](storage::Reader& r) { return r.find(std::string(account_columns) + "WHERE id = $1", {account}, account_of); });
}

Result<std::vector<Account>> Accounts::list(const std::string& after_account, int limit) const {
  return database_.read_value([&](storage::Reader& r) {
    return r.list(std::string(account_columns) + "WHERE login > COALESCE((SELECT b.login FROM auth_account b WHERE b.id = $1), '') "
                                                 "ORDER BY login LIMIT $2",
                  {after_account, std::clamp(limit, 1, 200)}, account_of);
  });
}

Result<std::vector<Grant>> Accounts::grants(const std::string& account) const {
  return database_.read_value([&](storage::Reader& r) {
    return r.list("SELECT id, role, area, until FROM auth_grant WHERE account = $1 AND " + std::string(in_force) + " ORDER BY granted_at, id",
                  {account, now_()}, [](const storage::Row& row) {
                    return Grant{row.string(0), row.string(1), row.string(2), row.optional_instant(3)};
                  });
  });
}

}  // namespace motcua::auth
