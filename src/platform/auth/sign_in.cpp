#include "platform/auth/sign_in.hpp"

#include "platform/auth/account.hpp"
#include "platform/auth/otpauth.hpp"

namespace motcua::auth {

struct SignIn::Stored {
  std::string id, login, password_hash;
  bool active = false, must_change = false;
  crypto::Bytes totp, totp_pending;   // sealed; empty: none
};

namespace {

constexpr std::string_view columns =
    "SELECT id, login, password_hash, state, must_change_password, totp_sealed, totp_pending FROM auth_account ";

Act try_act(std::string action, const Origin& origin) {
  return {"job:sign-in", "system", "sign-in", std::move(action), origin.request_id};
}
Act own_act(const std::string& account, std::string action, const Origin& origin) {
  return {account, "account", "sign-in", std::move(action), origin.request_id};
}
Failure wrong_code() { return invalid("auth.wrong_code", "code"); }
Failure step_expired() { return {FailureKind::unauthenticated, "auth.step_expired"}; }

/// What is typed as a login, for counting tries: the same spelling variants fall together, and any text will do.
std::string bucket_of(std::string_view login) {
  auto parsed = parse_login(login);
  return parsed ? *parsed : "?" + std::string(login.substr(0, 200));
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && out.size() < 16) out += c;
  return out;
}

std::string in_groups(const std::string& secret) {
  std::string out;
  for (std::size_t i = 0; i < secret.size(); i += 4) out += (i ? " " : "") + secret.substr(i, 4);
  return out;
}

}  // namespace

Result<SignIn> SignIn::make(storage::Database& database, crypto::KeyRing& keys, std::function<Instant()> now) {
  TRY_ASSIGN(auto limiter, Limiter::make(keys));
  return SignIn(database, keys, std::move(limiter), std::move(now));
}

SignIn::SignIn(storage::Database& database, crypto::KeyRing& keys, Limiter limiter, std::function<Instant()> now)
    : database_(database),
      keys_(keys),
      limiter_(std::move(limiter)),
      sessions_(database, now),
      now_(std::move(now)) {
  static const std::string decoy = crypto::hash_password(random_password());  // once a process: it costs 64 MiB and 0.1 s
  decoy_hash_ = decoy;
}

Result<std::optional<SignIn::Stored>> SignIn::find_login(std::string_view login) const {
  return database_.read_value([&](storage::Reader& r) {
    return r.find(std::string(columns) + "WHERE login = $1", {login}, [](const storage::Row& row) {
      return Stored{row.string(0), row.string(1), row.string(2), row.text(3) == "active", row.integer(4) != 0, row.bytes(5), row.bytes(6)};
    });
  });
}

Result<SignIn::Stored> SignIn::get_account(const std::string& account) const {
  TRY_ASSIGN(auto found, database_.read_value([&](storage::Reader& r) {
    return r.find(std::string(columns) + "WHERE id = $1", {account}, [](const storage::Row& row) {
      return Stored{row.string(0), row.string(1), row.string(2), row.text(3) == "active", row.integer(4) != 0, row.bytes(5), row.bytes(6)};
    });
  }));
  if (!found) return step_expired();
  return std::move(*found);
}

Result<Session> SignIn::get_step(std::string_view token, Stage stage) const {
  TRY_ASSIGN(const auto session, sessions_.find(token));
  if (!session || session->stage != stage) return step_expired();
  return *session;
}

Result<OpenedSession> SignIn::start(const Credentials& credentials, const Origin& origin) const {
  const Instant now = now_();
  const std::string login = bucket_of(credentials.login.reveal());
  // Counted before it is tried: a thousand tries at the same instant are a thousand tries.
  TRY(database_.write(try_act("auth.try_sign_in", origin), [&](storage::Transaction& tx) -> Result<void> {
    TRY(limiter_.take(tx, sign_in_by_address, origin.address, now));
    return limiter_.take(tx, sign_in_by_login, login, now);
  }));
  TRY_ASSIGN(const auto account, find_login(login));
  const std::string password = credentials.password.reveal().substr(0, password_bytes_max);
  const bool right = crypto::verify_password(password, account ? account->password_hash : decoy_hash_);
  if (!account || !account->active || !right) return invalid("auth.sign_in_refused");
  return database_.write_value(own_act(account->id, "auth.password_accepted", origin), [&](storage::Transaction& tx) {
    return Sessions::open(tx, account->id, account->totp.empty() ? Stage::enrol : Stage::code, now_());
  });
}

Result<OpenedSession> SignIn::finish_code(std::string_view token, std::string_view code, const Origin& origin) const {
  TRY_ASSIGN(const Session step, get_step(token, Stage::code));
  TRY_ASSIGN(const Stored account, get_account(step.account));
  return finish_with_seed(step, account, account.totp, code, origin);
}

Result<Enrolment> SignIn::begin_enrolment(std::string_view token, const Origin& origin) const {
  TRY_ASSIGN(const Session step, get_step(token, Stage::enrol));
  TRY_ASSIGN(const Stored account, get_account(step.account));
  crypto::Bytes seed;
  if (account.totp_pending.empty()) {
    seed = crypto::random_bytes(totp_seed_bytes);
    TRY_ASSIGN(const auto sealed, keys_.seal("totp:" + account.id, seed));
    TRY(database_.write(own_act(account.id, "auth.begin_enrolment", origin), [&](storage::Transaction& tx) -> Result<void> {
      TRY(tx.execute("UPDATE auth_account SET totp_pending = $1 WHERE id = $2", {sealed, account.id}));
      return {};
    }));
  } else {
    TRY_ASSIGN(seed, keys_.open("totp:" + account.id, account.totp_pending));
  }
  return Enrolment{Personal<std::string>(in_groups(to_rfc4648_base32(seed))), Personal<std::string>(otpauth_uri(seed, account.login))};
}

Result<OpenedSession> SignIn::finish_enrolment(std::string_view token, std::string_view code, const Origin& origin) const {
  TRY_ASSIGN(const Session step, get_step(token, Stage::enrol));
  TRY_ASSIGN(const Stored account, get_account(step.account));
  if (account.totp_pending.empty()) return step_expired();
  return finish_with_seed(step, account, account.totp_pending, code, origin);
}

Result<OpenedSession> SignIn::finish_with_seed(const Session& step, const Stored& account, const crypto::Bytes& sealed,
                                               std::string_view code, const Origin& origin) const {
  TRY_ASSIGN(const auto seed, keys_.open("totp:" + account.id, sealed));
  const Instant now = now_();
  std::int64_t totp_step = 0;
  const bool fits = crypto::verify_totp(seed, without_blanks(code), to_millis(now) / 1000, totp_step);
  const Stage next = account.must_change ? Stage::password : Stage::full;
  std::optional<OpenedSession> opened;
  bool used_up = false;
  TRY(database_.write(own_act(account.id, "auth.try_code", origin), [&](storage::Transaction& tx) -> Result<void> {
    opened.reset();
    TRY_ASSIGN(const auto counted, tx.execute("UPDATE auth_session SET tries = tries + 1 WHERE id = $1 AND tries < $2", {step.id, step_tries_max}));
    used_up = counted == 0;
    if (used_up) return Sessions::end(tx, step.id);
    if (!fits) return {};
    // A code is used once: the step it belongs to must be later than the last one used. One statement, so two tries cannot share it.
    TRY_ASSIGN(const auto fresh, tx.execute("UPDATE auth_account SET totp_step_last = $1, totp_sealed = $2, totp_pending = NULL, "
                                            "signed_in_at = $3 WHERE id = $4 AND totp_step_last < $5",
                                            {totp_step, sealed, now, account.id, totp_step}));
    if (fresh == 0) return {};
    TRY(Sessions::end(tx, step.id));
    TRY(limiter_.clear(tx, sign_in_by_login, account.login));
    tx.note({.action = next == Stage::full ? "auth.sign_in" : "auth.code_accepted", .object = account.id});
    TRY_ASSIGN(opened, Sessions::open(tx, account.id, next, now));
    return {};
  }));
  if (opened) return std::move(*opened);
  if (used_up) return step_expired();
  return wrong_code();
}

Result<void> SignIn::check_new(const Stored& account, const std::string& password) const {
  TRY(check_password(password, account.login));
  if (crypto::verify_password(password, account.password_hash)) return invalid("auth.password_same", "password");
  return {};
}

Result<OpenedSession> SignIn::choose_password(std::string_view token, const Personal<std::string>& password, const Origin& origin) const {
  TRY_ASSIGN(const Session step, get_step(token, Stage::password));
  TRY_ASSIGN(const Stored account, get_account(step.account));
  TRY(check_new(account, password.reveal()));
  const std::string hash = crypto::hash_password(password.reveal());
  return database_.write_value(own_act(account.id, "auth.choose_password", origin), [&](storage::Transaction& tx) -> Result<OpenedSession> {
    TRY(tx.execute("UPDATE auth_account SET password_hash = $1, must_change_password = 0 WHERE id = $2", {hash, account.id}));
    TRY(Sessions::end_all(tx, account.id));
    tx.note({.action = "auth.sign_in", .object = account.id});
    return Sessions::open(tx, account.id, Stage::full, now_());
  });
}

Result<void> SignIn::change_password(const http::Principal& principal, const Personal<std::string>& current,
                                     const Personal<std::string>& password, const Origin& origin) const {
  TRY_ASSIGN(const Stored account, get_account(principal.account));
  TRY(database_.write(own_act(account.id, "auth.try_password", origin), [&](storage::Transaction& tx) -> Result<void> {
    return limiter_.take(tx, sign_in_by_login, account.login, now_());
  }));
  if (!crypto::verify_password(current.reveal().substr(0, password_bytes_max), account.password_hash))
    return invalid("auth.wrong_password", "current_password");
  TRY(check_new(account, password.reveal()));
  const std::string hash = crypto::hash_password(password.reveal());
  return database_.write(own_act(account.id, "auth.change_password", origin), [&](storage::Transaction& tx) -> Result<void> {
    TRY(tx.execute("UPDATE auth_account SET password_hash = $1, must_change_password = 0 WHERE id = $2", {hash, account.id}));
    TRY(limiter_.clear(tx, sign_in_by_login, account.login));
    tx.note({.action = {}, .object = account.id});
    return Sessions::end_all(tx, account.id, principal.session);
  });
}

}  // namespace motcua::auth
