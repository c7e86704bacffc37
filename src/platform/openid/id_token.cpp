#include "platform/openid/id_token.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "base/base64.hpp"
#include "platform/crypto/p256.hpp"
#include "platform/crypto/rsa.hpp"

namespace motcua::openid {
namespace {
namespace json = boost::json;

Failure refused(std::string why) { return {FailureKind::unauthenticated, "openid.token_not_accepted", {}, std::nullopt, {}, std::move(why)}; }

std::vector<std::uint8_t> bytes_of(const json::object& object, std::string_view name) {
  return from_base64(text_of(object, name), Base64::url).value_or(std::vector<std::uint8_t>());
}

Result<json::object> object_of(std::string_view part) {
  const auto bytes = from_base64(part, Base64::url);
  if (!bytes) return refused("not base64url");
  std::error_code error;
  auto value = json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, error);
  if (error || !value.is_object()) return refused("not a JSON object");
  return std::move(value.as_object());
}

/// By this very key, whose kind fits the algorithm: no token chooses how it is verified.
bool signed_by(const json::object& key, std::string_view algorithm, std::string_view message, std::span<const std::uint8_t> signature) {
  if (const std::string use = text_of(key, "use"); !use.empty() && use != "sig") return false;
  if (const std::string alg = text_of(key, "alg"); !alg.empty() && alg != algorithm) return false;
  const std::string kind = text_of(key, "kty");
  if (algorithm == "ES256") {
    if (kind != "EC" || text_of(key, "crv") != "P-256") return false;
    auto point = bytes_of(key, "x");
    const auto y = bytes_of(key, "y");
    if (point.size() != 32 || y.size() != 32) return false;
    point.insert(point.end(), y.begin(), y.end());
    const auto public_key = crypto::P256PublicKey::of_coordinates(point);
    return public_key && public_key->verify(message, signature, crypto::EcdsaForm::fixed);
  }
  if (kind != "RSA") return false;
  const auto public_key = crypto::RsaPublicKey::of_numbers(bytes_of(key, "n"), bytes_of(key, "e"));
  if (!public_key) return false;
  return algorithm == "PS256" ? public_key->verify_pss(message, signature) : public_key->verify_pkcs1(message, signature);
}

Result<void> check_signature(const json::object& header, const json::object& keys, std::string_view message, std::span<const std::uint8_t> signature) {
  const std::string algorithm = text_of(header, "alg"), kid = text_of(header, "kid");
  if (algorithm != "RS256" && algorithm != "PS256" && algorithm != "ES256") return refused("algorithm");
  const auto* list = keys.if_contains("keys");
  if (!list || !list->is_array() || list->as_array().size() > keys_max) return refused("key set");
  bool named = false;
  for (const auto& item : list->as_array()) {
    if (!item.is_object() || (!kid.empty() && text_of(item.as_object(), "kid") != kid)) continue;
    named = true;
    if (signed_by(item.as_object(), algorithm, message, signature)) return {};
  }
  if (!named) return Failure{FailureKind::unauthenticated, "openid.unknown_key"};
  return refused("signature");
}

std::optional<Instant> time_of(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  constexpr double seconds_max = 253402300799;   // the year 9999
  if (!std::isfinite(seconds) || seconds < 0 || seconds > seconds_max) return std::nullopt;
  return from_millis(static_cast<std::int64_t>(seconds * 1000));
}

Result<void> check_audience(const json::object& claims, const Expected& expected) {
  const auto* audience = claims.if_contains("aud");
  bool ours = false, others = false;
  if (audience && audience->is_string()) ours = audience->as_string() == expected.client_id;
  if (audience && audience->is_array())
    for (const auto& item : audience->as_array())
      (item.is_string() && item.as_string() == expected.client_id ? ours : others) = true;
  const std::string party = text_of(claims, "azp");
  if (!ours || (others && party.empty()) || (!party.empty() && party != expected.client_id)) return refused("audience");
  return {};
}

Result<void> check_claims(const json::object& claims, const Expected& expected) {
  if (text_of(claims, "iss") != expected.issuer) return refused("issuer");
  TRY(check_audience(claims, expected));
  const auto expires = time_of(claims, "exp"), issued = time_of(claims, "iat");
  if (!expires || expected.now > *expires + clock_skew_max) return refused("expired");
  if (claims.contains("nbf") && time_of(claims, "nbf").value_or(Instant::max()) > expected.now + clock_skew_max) return refused("not yet");
  if (!issued || *issued > expected.now + clock_skew_max || expected.now - *issued > token_age_max + clock_skew_max) return refused("issued at");
  if (expected.nonce.empty() || !crypto::equal_constant_time(text_of(claims, "nonce"), expected.nonce)) return refused("nonce");
  const std::string subject = text_of(claims, "sub");
  if (subject.empty() || subject.size() > subject_bytes_max) return refused("subject");
  return {};
}

}  // namespace

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<json::object> check_id_token(std::string_view token, const json::object& keys, const Expected& expected) {
  const auto first = token.find('.'), second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (token.size() > token_bytes_max || first == std::string_view::npos || second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return refused("form");
  TRY_ASSIGN(const auto header, object_of(token.substr(0, first)));
  TRY_ASSIGN(auto claims, object_of(token.substr(first + 1, second - first - 1)));
  const auto signature = from_base64(token.substr(second + 1), Base64::url);
  if (!signature || header.contains("crit")) return refused("form");
  TRY(check_signature(header, keys, token.substr(0, second), *signature));
  TRY(check_claims(claims, expected));
  return claims;
}

}  // namespace motcua::openid
