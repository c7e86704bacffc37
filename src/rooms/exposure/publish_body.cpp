#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/base64.hpp"
#include "rooms/exposure/routes.hpp"

namespace motcua::exposure {
namespace {

namespace json = boost::json;
constexpr std::size_t hmac_key_bytes_min = 16, hmac_key_bytes_max = 1024;   // at least 128 bits
constexpr std::size_t keys_read_max = 1000;                                 // more are refused with their number, not read

Failure unreadable(std::string field) { return invalid("exposure.field_unreadable", std::move(field)); }

Result<std::string> text_of(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return std::string();
  if (!value->is_string()) return unreadable(std::string(name));
  return std::string(value->as_string());
}

Result<std::int64_t> number_of(const json::object& object, std::string_view name, const std::string& field, std::optional<std::int64_t> fallback) {
  const auto* value = object.if_contains(name);
  if ((!value || value->is_null()) && fallback) return *fallback;
  if (!value || !value->is_int64() || value->as_int64() < INT32_MIN || value->as_int64() > INT32_MAX) return unreadable(field);
  return value->as_int64();
}

Result<SentKey> key_of(const json::value& value, const std::string& place) {
  const auto* object = value.if_object();
  if (!object) return unreadable(place);
  SentKey key;
  const auto* text = object->if_contains("key");
  const auto bytes = text && text->is_string() ? from_base64(text->as_string()) : std::nullopt;
  if (!bytes || bytes->size() != key.key.size()) return invalid("exposure.key_unreadable", place + ".key");
  std::copy(bytes->begin(), bytes->end(), key.key.begin());
  key.key_text = text->as_string();
  TRY_ASSIGN(key.rolling_start, number_of(*object, "rollingStartNumber", place + ".rollingStartNumber", std::nullopt));
  TRY_ASSIGN(key.rolling_period, number_of(*object, "rollingPeriod", place + ".rollingPeriod", std::nullopt));
  TRY_ASSIGN(key.risk, number_of(*object, "transmissionRisk", place + ".transmissionRisk", 0));
  return key;
}

Result<std::vector<SentKey>> keys_of(const json::object& body) {
  const auto* list = body.if_contains("temporaryExposureKeys");
  if (!list || !list->is_array()) return unreadable("temporaryExposureKeys");
  if (list->as_array().size() > keys_read_max) return invalid("exposure.keys_too_many", "temporaryExposureKeys", {{"max", std::to_string(publish_keys_max)}});
  std::vector<SentKey> keys;
  for (const auto& value : list->as_array()) {
    TRY_ASSIGN(auto key, key_of(value, "temporaryExposureKeys[" + std::to_string(keys.size()) + "]"));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<crypto::Bytes> hmac_key_of(const json::object& body) {
  TRY_ASSIGN(const auto text, text_of(body, "hmacKey"));
  if (text.empty()) return crypto::Bytes();
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() < hmac_key_bytes_min || bytes->size() > hmac_key_bytes_max) return unreadable("hmacKey");
  return std::move(*bytes);
}

}  // namespace

Result<Publish> parse_publish(std::string_view text) {
  std::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_object()) return invalid("exposure.body_unreadable", "body");
  const auto& body = value.as_object();
  Publish out;
  TRY_ASSIGN(out.keys, keys_of(body));
  TRY_ASSIGN(out.health_authority, text_of(body, "healthAuthorityID"));
  TRY_ASSIGN(out.payload, text_of(body, "verificationPayload"));
  TRY_ASSIGN(out.revision_token, text_of(body, "revisionToken"));
  TRY_ASSIGN(out.hmac_key, hmac_key_of(body));
  TRY_ASSIGN(const auto onset, number_of(body, "symptomOnsetInterval", "symptomOnsetInterval", 0));
  if (onset != 0) out.onset_interval = onset;
  const auto* traveler = body.if_contains("traveler");
  if (traveler && !traveler->is_null() && !traveler->is_bool()) return unreadable("traveler");
  out.traveler = traveler && traveler->is_bool() && traveler->as_bool();
  return out;
}

}  // namespace motcua::exposure
