#include "rooms/exposure/certificate.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/base64.hpp"

namespace motcua::exposure {
namespace {

namespace json = boost::json;
constexpr std::chrono::minutes clock_skew{1};               // of the issuer's machine; here it is the same

Failure refused() { return invalid("exposure.certificate_invalid", "verificationPayload"); }

std::string encoded(const json::object& part) {
  const std::string text = json::serialize(part);
  return to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, Base64::url);
}

Result<json::object> decoded(std::string_view part) {
  const auto bytes = from_base64(part, Base64::url);
  if (!bytes) return refused();
  std::error_code error;
  auto value = json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, error);
  if (error || !value.is_object()) return refused();
  return std::move(value.as_object());
}

std::string text_at(const json::object& part, std::string_view name) {
  const auto* value = part.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}
std::optional<std::int64_t> number_at(const json::object& part, std::string_view name) {
  const auto* value = part.if_contains(name);
  if (!value || !value->is_int64()) return std::nullopt;
  return value->as_int64();
}

struct Parts {
  std::string_view header, claims, signature, signed_text;
};
Result<Parts> parts_of(std::string_view jwt) {
  const auto first = jwt.find('.'), second = jwt.find('.', first == std::string_view::npos ? first : first + 1);
  if (jwt.size() > certificate_bytes_max || second == std::string_view::npos || jwt.find('.', second + 1) != std::string_view::npos) return refused();
  return Parts{jwt.substr(0, first), jwt.substr(first + 1, second - first - 1), jwt.substr(second + 1), jwt.substr(0, second)};
}

}  // namespace

bool looks_like_certificate(std::string_view payload) { return std::count(payload.begin(), payload.end(), '.') == 2; }

std::string write_certificate(const Certificate& c, const crypto::P256Key& key) {
  const std::int64_t issued = to_millis(c.issued_at) / 1000;
  json::object claims{{"iss", c.issuer}, {"aud", c.issuer}, {"iat", issued}, {"nbf", issued},
                      {"exp", issued + std::chrono::duration_cast<std::chrono::seconds>(certificate_lifetime).count()},
                      {"reportType", to_text(c.claims.type)}, {"tekmac", to_base64(c.mac)}};
  if (c.claims.onset_interval) claims["symptomOnsetInterval"] = *c.claims.onset_interval;
  const std::string text = encoded({{"alg", "ES256"}, {"kid", c.key_version}, {"typ", "JWT"}}) + '.' + encoded(claims);
  return text + '.' + to_base64(key.sign(text, crypto::EcdsaForm::fixed), Base64::url);
}

Result<std::string> key_version_of(std::string_view jwt) {
  TRY_ASSIGN(const auto parts, parts_of(jwt));
  TRY_ASSIGN(const auto header, decoded(parts.header));
  return text_at(header, "kid");
}

Result<Certificate> read_certificate(std::string_view jwt, const std::string& issuer, const crypto::P256PublicKey& key, Instant now) {
  TRY_ASSIGN(const auto parts, parts_of(jwt));
  const auto signature = from_base64(parts.signature, Base64::url);
  if (!signature || !key.verify(parts.signed_text, *signature, crypto::EcdsaForm::fixed)) return refused();
  TRY_ASSIGN(const auto header, decoded(parts.header));
  TRY_ASSIGN(const auto claims, decoded(parts.claims));
  const std::int64_t here = to_millis(now) / 1000, skew = std::chrono::seconds(clock_skew).count();
  const auto expires = number_at(claims, "exp"), not_before = number_at(claims, "nbf"), issued = number_at(claims, "iat");
  const auto type = parse_report_type(text_at(claims, "reportType"));
  const auto mac = from_base64(text_at(claims, "tekmac"));
  if (text_at(header, "alg") != "ES256" || text_at(claims, "iss") != issuer || text_at(claims, "aud") != issuer) return refused();
  if (!expires || *expires <= here || !issued || *issued > here + skew || (not_before && *not_before > here + skew)) return refused();
  if (!type || !mac || mac->size() != 32) return refused();
  return Certificate{issuer, text_at(header, "kid"), from_millis(*issued * 1000), {*type, number_at(claims, "symptomOnsetInterval")}, *mac};
}

}  // namespace motcua::exposure
