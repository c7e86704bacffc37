#include "platform/openid/openid.hpp"

#include <boost/json.hpp>

#include "base/base64.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/target.hpp"

namespace motcua::openid {
namespace {
namespace json = boost::json;

std::string random_text() { return to_base64(crypto::random_bytes(32), Base64::url); }

std::string form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string out;
  for (const auto& [name, value] : fields)
    if (!value.empty()) out += (out.empty() ? "" : "&") + std::string(name) + "=" + http::percent_encode(value);
  return out;
}

Failure unreadable(std::string what) { return unavailable("openid.answer_unreadable", std::move(what)); }

Result<json::object> parse(const std::string& body) {
  std::error_code error;
  auto value = json::parse(body, error);
  if (error || !value.is_object()) return unreadable("no JSON object");
  return std::move(value.as_object());
}

}  // namespace

Result<Answer> Provider::ask(const Ask& question) {
  if (!places_.try_acquire()) return unavailable("openid.unreachable", "too many wait for its answer");
  const std::unique_ptr<decltype(places_), void (*)(decltype(places_)*)> place(&places_, [](auto* p) { p->release(); });   // given back however it ends
  return fetch_(question);
}

Result<json::object> Provider::get_object(const Ask& question) {
  TRY_ASSIGN(const auto answer, ask(question));
  if (answer.status != 200) return unreadable("status " + std::to_string(answer.status));
  return parse(answer.body);
}

/// Asked outside the lock: a slow provider holds nobody up but those who wait for it.
Result<Provider::Discovered> Provider::discover() {
  {
    const std::lock_guard lock(mutex_);
    if (discovered_ && now_() - discovered_at_ < discovery_kept) return *discovered_;
  }
  const std::string base = options_.issuer.ends_with('/') ? options_.issuer.substr(0, options_.issuer.size() - 1) : options_.issuer;
  TRY_ASSIGN(const auto said, get_object({base + "/.well-known/openid-configuration", {"Accept: application/json"}}));
  if (text_of(said, "issuer") != options_.issuer) return unreadable("another issuer");
  Discovered at{text_of(said, "authorization_endpoint"), text_of(said, "token_endpoint"), text_of(said, "jwks_uri"), text_of(said, "userinfo_endpoint"), false};
  for (const auto* address : {&at.authorization, &at.token, &at.keys})
    if (!is_allowed(*address)) return unreadable("an endpoint is missing");
  if (const auto* methods = said.if_contains("token_endpoint_auth_methods_supported"); methods && methods->is_array()) {
    bool basic = false, body = false;
    for (const auto& m : methods->as_array()) basic = basic || m == "client_secret_basic", body = body || m == "client_secret_post";
    at.secret_in_body = body && !basic;
  }
  const std::lock_guard lock(mutex_);
  discovered_ = at;
  discovered_at_ = now_();
  return at;
}

Result<json::object> Provider::keys(const Discovered& at, bool anew) {
  {
    const std::lock_guard lock(mutex_);
    const auto age = now_() - keys_at_;
    if (keys_ && (anew ? age < keys_asked_every_min : age < discovery_kept)) return *keys_;
  }
  TRY_ASSIGN(auto said, get_object({at.keys, {"Accept: application/json"}}));
  const std::lock_guard lock(mutex_);
  keys_ = said;
  keys_at_ = now_();
  return said;
}

Result<Started> Provider::start(const std::string& redirect_uri) {
  TRY_ASSIGN(const auto at, discover());
  Started started{{}, random_text(), random_text(), random_text()};
  const auto challenge = crypto::sha256(started.verifier);
  started.url = at.authorization + (at.authorization.find('?') == std::string::npos ? "?" : "&") +
                form_of({{"response_type", "code"}, {"client_id", options_.client_id}, {"redirect_uri", redirect_uri}, {"scope", options_.scope}, {"state", started.state}, {"nonce", started.nonce},
                         {"code_challenge", to_base64(challenge, Base64::url)}, {"code_challenge_method", "S256"}});
  return started;
}

Result<json::object> Provider::redeem(const Discovered& at, const Started& started, const std::string& redirect_uri, const std::string& code) {
  const bool in_body = options_.client_secret.empty() || at.secret_in_body;
  Ask question{at.token, {"Accept: application/json"}, form_of({{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", redirect_uri}, {"code_verifier", started.verifier},
                                                           {"client_id", in_body ? options_.client_id : ""}, {"client_secret", in_body ? options_.client_secret : ""}})};
  if (!in_body) {   // RFC 6749, 2.3.1: both encoded as a form would be
    const std::string pair = http::percent_encode(options_.client_id) + ':' + http::percent_encode(options_.client_secret);
    question.headers.push_back("Authorization: Basic " + to_base64({reinterpret_cast<const std::uint8_t*>(pair.data()), pair.size()}));
  }
  TRY_ASSIGN(const auto answer, ask(question));
  if (answer.status >= 400 && answer.status < 500) return Failure{FailureKind::unauthenticated, "openid.code_not_accepted"};
  if (answer.status != 200) return unreadable("status " + std::to_string(answer.status));
  return parse(answer.body);
}

Result<json::object> Provider::claims_of(const Discovered& at, const std::string& token, const std::string& nonce) {
  const Expected expected{options_.issuer, options_.client_id, nonce, now_()};
  TRY_ASSIGN(const auto known, keys(at, false));
  auto claims = check_id_token(token, known, expected);
  if (claims || claims.failure().code != "openid.unknown_key") return claims;
  TRY_ASSIGN(const auto rotated, keys(at, true));
  return check_id_token(token, rotated, expected);
}

SignedIn Provider::to_signed_in(const json::object& claims) const {
  const auto* verified = claims.if_contains("phone_number_verified");
  return {text_of(claims, "sub"), text_of(claims, "phone_number"), verified && verified->is_bool() && verified->as_bool()};
}

Result<SignedIn> Provider::finish(const Started& started, const std::string& redirect_uri, const std::string& code) {
  TRY_ASSIGN(const auto at, discover());
  TRY_ASSIGN(const auto tokens, redeem(at, started, redirect_uri, code));
  TRY_ASSIGN(const auto claims, claims_of(at, text_of(tokens, "id_token"), started.nonce));
  SignedIn who = to_signed_in(claims);
  const std::string access = text_of(tokens, "access_token");
  if (!who.phone.empty() || access.empty() || !is_allowed(at.userinfo) || access.find_first_of("\r\n") != std::string::npos) return who;
  TRY_ASSIGN(const auto more, get_object({at.userinfo, {"Accept: application/json", "Authorization: Bearer " + access}}));
  if (text_of(more, "sub") != who.subject) return Failure{FailureKind::unauthenticated, "openid.token_not_accepted", {}, std::nullopt, {}, "another subject"};   // Core, 5.3.2
  return to_signed_in(more);
}

}  // namespace motcua::openid
