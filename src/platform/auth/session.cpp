#include "platform/auth/session.hpp"

#include "platform/auth/account.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::auth {
namespace {

constexpr std::size_t token_letters = 52;  // 32 bytes in base32
constexpr std::string_view columns =
    "SELECT s.id, s.account, s.stage, s.csrf, s.created_at, s.last_seen_at, s.tries, a.display_name "
    "FROM auth_session s JOIN auth_account a ON a.id = s.account AND a.state = 'active' ";

Stage stage_of(std::string_view text) {
  for (const Stage stage : {Stage::code, Stage::enrol, Stage::password})
    if (text == to_text(stage)) return stage;
  return Stage::full;
}

struct Found {
  Session session;
  std::string display_name;
};

Found found_of(const storage::Row& r) {
  return {{r.string(0), r.string(1), stage_of(r.text(2)), r.string(3), r.instant(4), r.instant(5), r.integer(6)}, r.string(7)};
}

Result<std::optional<Found>> load(storage::Reader& reader, std::string_view token) {
  return reader.find(std::string(columns) + "WHERE s.token_hash = $1", {hash_token(token)}, found_of);
}

Act own_act(const std::string& account, std::string action, const std::string& request_id) {
  return {account, "account", "sign-in", std::move(action), request_id};
}

}  // namespace

std::string_view to_text(Stage stage) {
  switch (stage) {
    case Stage::code: return "code";
    case Stage::enrol: return "enrol";
    case Stage::password: return "password";
    case Stage::full: return "full";
  }
  return "full";
}

std::string hash_token(std::string_view token) { return to_hex(crypto::sha256(token)); }

bool Sessions::is_over(const Session& s) const {
  const Instant now = now_();
  if (s.stage != Stage::full) return now - s.created_at > step_age_max;
  return now - s.created_at > limits_.age_max || now - s.last_seen_at > limits_.idle_max;
}

Result<OpenedSession> Sessions::open(storage::Transaction& transaction, const std::string& account, Stage stage, Instant now) {
  const std::string token = to_base32(crypto::random_bytes(32));
  TRY(transaction.execute("INSERT INTO auth_session (token_hash, id, account, stage, csrf, created_at, last_seen_at, tries) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
                          {hash_token(token), crypto::random_id("ses"), account, to_text(stage), to_base32(crypto::random_bytes(32)), now, now}));
  return OpenedSession{Personal<std::string>(token), stage};
}

Result<void> Sessions::end(storage::Transaction& transaction, const std::string& id) {
  TRY(transaction.execute("DELETE FROM auth_session WHERE id = $1", {id}));
  return {};
}

Result<void> Sessions::end_all(storage::Transaction& transaction, const std::string& account, const std::string& except_id) {
  TRY(transaction.execute("DELETE FROM auth_session WHERE account = $1 AND id <> $2", {account, except_id}));
  return {};
}

Result<std::optional<Session>> Sessions::find(std::string_view token) const {
  if (token.size() != token_letters) return std::optional<Session>{};
  TRY_ASSIGN(const auto found, database_.read_value([&](storage::Reader& r) { return load(r, token); }));
  if (!found || is_over(found->session)) return std::optional<Session>{};
  return std::optional(found->session);
}

Result<std::optional<http::Principal>> Sessions::find_principal(std::string_view token) const {
  if (token.size() != token_letters) return std::optional<http::Principal>{};
  const Instant now = now_();
  std::optional<Found> found;
  std::vector<http::RoleGrant> grants;
  TRY(database_.read([&](storage::Reader& r) -> Result<void> {
    TRY_ASSIGN(found, load(r, token));
    if (!found) return {};
    TRY_ASSIGN(grants, load_grants(r, found->session.account, now));
    return {};
  }));
  if (!found || found->session.stage != Stage::full || is_over(found->session)) return std::optional<http::Principal>{};
  const Session& s = found->session;
  if (now - s.last_seen_at >= session_seen_every)
    TRY(database_.write(own_act(s.account, "auth.session_seen", ""), [&](storage::Transaction& tx) -> Result<void> {
      TRY(tx.execute("UPDATE auth_session SET last_seen_at = $1 WHERE id = $2", {now, s.id}));
      return {};
    }));
  return std::optional(http::Principal{s.account, found->display_name, std::move(grants), s.id, s.csrf});
}

Result<std::vector<Session>> Sessions::list(const std::string& account) const {
  TRY_ASSIGN(auto found, database_.read_value([&](storage::Reader& r) {
    return r.list(std::string(columns) + "WHERE s.account = $1 AND s.stage = 'full' ORDER BY s.created_at DESC LIMIT 100", {account}, found_of);
  }));
  std::vector<Session> sessions;
  for (Found& f : found)
    if (!is_over(f.session)) sessions.push_back(std::move(f.session));
  return sessions;
}

Result<void> Sessions::sign_out(const http::Principal& principal, const std::string& request_id) const {
  return database_.write(own_act(principal.account, "auth.sign_out", request_id),
                         [&](storage::Transaction& tx) { return end(tx, principal.session); });
}

Result<void> Sessions::end_own(const http::Principal& principal, const std::string& id, const std::string& request_id) const {
  return database_.write(own_act(principal.account, "auth.end_session", request_id), [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto ended, tx.execute("DELETE FROM auth_session WHERE id = $1 AND account = $2", {id, principal.account}));
    if (ended == 0) return not_found("auth.session_not_found");
    return {};
  });
}

Result<void> Sessions::end_others(const http::Principal& principal, const std::string& request_id) const {
  return database_.write(own_act(principal.account, "auth.end_sessions", request_id),
                         [&](storage::Transaction& tx) { return end_all(tx, principal.account, principal.session); });
}

Result<std::int64_t> Sessions::purge(storage::Transaction& transaction) const {
  const Instant now = now_();
  return transaction.execute("DELETE FROM auth_session WHERE last_seen_at < $1 OR created_at < $2 OR (stage <> 'full' AND created_at < $3)",
                             {now - limits_.idle_max, now - limits_.age_max, now - step_age_max});
}

}  // namespace motcua::auth
