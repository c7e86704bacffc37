// What phones ask: codes, certificates, publishing, archives. Nobody signs in; nothing here is about a person.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "base/base64.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/exposure/routes.hpp"

namespace motcua::exposure {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* publish_schema = R"({"type":"object","required":["temporaryExposureKeys","healthAuthorityID","verificationPayload"],"properties":{
"temporaryExposureKeys":{"type":"array","minItems":1,"maxItems":30,"items":{"type":"object","required":["key","rollingStartNumber","rollingPeriod"],"properties":{
"key":{"type":"string","description":"base64 of 16 bytes"},"rollingStartNumber":{"type":"integer"},"rollingPeriod":{"type":"integer","minimum":1,"maximum":144},
"transmissionRisk":{"type":"integer","minimum":0,"maximum":8}}}},
"healthAuthorityID":{"type":"string"},"verificationPayload":{"type":"string","description":"certificate, or the code itself"},"hmacKey":{"type":"string"},
"symptomOnsetInterval":{"type":"integer"},"traveler":{"type":"boolean"},"revisionToken":{"type":"string"},"padding":{"type":"string"}}})";
constexpr const char* published_schema = R"({"type":"object","properties":{"revisionToken":{"type":"string"},"insertedExposures":{"type":"integer"},
"error":{"type":"string"},"code":{"type":"string"},"field":{"type":"string"},"padding":{"type":"string"}}})";
constexpr const char* verify_schema = R"({"type":"object","required":["code"],"properties":{"code":{"type":"string"},"accept":{"type":"array","items":{"type":"string"}},"padding":{"type":"string"}}})";
constexpr const char* certify_schema = R"({"type":"object","required":["token","ekeyhmac"],"properties":{"token":{"type":"string"},"ekeyhmac":{"type":"string"},"padding":{"type":"string"}}})";

/// The answer, padded to its fixed length.
Response padded(json::object body, std::size_t bytes, int status) {
  body["padding"] = "";
  const std::size_t bare = json::serialize(body).size();
  const std::size_t left = bare < bytes ? bytes - bare : 0;
  std::string padding = to_base64(crypto::random_bytes(left));
  padding.resize(left);
  body["padding"] = padding;
  Response response = Response::json(json::serialize(body), status);
  response.compressible = false;
  return response;
}

/// The code of the protocol, and its status.
struct Told {
  const char* code;
  int status;
};
Told publish_code(const Failure& failure) {
  if (failure.code == "exposure.authority_unknown") return {"unknown_health_authority_id", 401};
  if (failure.code == "exposure.certificate_invalid" || failure.code == "exposure.code_not_accepted") return {"health_authority_verification_certificate_invalid", 401};
  if (failure.code == "exposure.revision_token_missing") return {"missing_revision_token", 400};
  if (failure.code == "exposure.revision_token_invalid") return {"invalid_revision_token", 400};
  if (failure.code == "exposure.change_refused") return {"invalid_report_type_transition", 400};
  return {"bad_request", 400};
}
Told verify_code(const Failure& failure) {
  if (failure.code == "exposure.code_not_accepted") return {"code_invalid", 400};
  if (failure.code == "exposure.token_not_accepted") return {"token_invalid", 400};
  if (failure.code == "exposure.hmac_unreadable") return {"hmac_invalid", 400};
  if (failure.code == "exposure.type_not_accepted") return {"unsupported_test_type", 412};
  return {"unparsable_request", 400};
}

Sender sender_of(const Request& request) { return {request.remote_address, request.id, !request.header("x-chaff").empty()}; }

Result<json::object> body_of(const Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("exposure.body_unreadable", "body");
  return std::move(value.as_object());
}
std::string text_of(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// What the phone can handle; nothing said: everything. Who takes "likely" takes "confirmed" too, and so on.
std::vector<ReportType> accepted_by(const json::object& body) {
  std::vector<ReportType> types;
  const auto* list = body.if_contains("accept");
  if (!list || !list->is_array()) return types;
  for (const auto& one : list->as_array()) {
    const auto type = one.is_string() ? parse_report_type(one.as_string()) : std::nullopt;
    if (!type) continue;
    types.push_back(*type);
    if (*type != ReportType::confirmed) types.push_back(ReportType::confirmed);
    if (*type == ReportType::negative) types.push_back(ReportType::likely);
  }
  return types;
}

std::string day_of(std::int64_t interval) {
  const Date date{std::chrono::floor<std::chrono::days>(start_of(interval))};
  return to_iso(PartialDate{static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day()))});
}

struct Phones {
  House& house;
  Exposure& exposure;

  /// A refusal of the protocol; what is no matter of the request (limits, no space) is a problem as everywhere.
  Result<Response> refuse(const Request& request, const Failure& failure, Told told, const char* code_name, std::size_t bytes) const {
    if (failure.kind != FailureKind::invalid) return failure;
    json::object body{{"error", house.texts.sentence(request.lang, failure)}, {code_name, told.code}};
    if (!failure.field.empty()) body["field"] = failure.field;
    return padded(std::move(body), bytes, told.status);
  }

  Result<Response> publish(const Request& request) const {
    const Sender sender = sender_of(request);
    auto sent = parse_publish(request.body);
    if (!sent && sender.decoy) sent = Publish{};
    auto done = sent ? exposure.publish(sender, *sent) : Result<Published>(sent.failure());
    if (!done) return refuse(request, done.failure(), publish_code(done.failure()), "code", publish_answer_bytes);
    auto response = padded({{"revisionToken", done->revision_token}, {"insertedExposures", done->inserted}}, publish_answer_bytes, 200);
    response.memorable = !sender.decoy;
    return response;
  }

  Result<Response> verify(const Request& request) const {
    const Sender sender = sender_of(request);
    auto body = body_of(request);
    if (!body && sender.decoy) body = json::object{};
    auto done = body ? exposure.verify(sender, text_of(*body, "code"), accepted_by(*body)) : Result<Verified>(body.failure());
    if (!done) return refuse(request, done.failure(), verify_code(done.failure()), "errorCode", verify_answer_bytes);
    json::object out{{"testtype", to_text(done->type)}, {"token", done->token}};
    if (done->onset_interval) out["symptomDate"] = day_of(*done->onset_interval);
    auto response = padded(std::move(out), verify_answer_bytes, 200);
    response.memorable = !sender.decoy;
    return response;
  }

  Result<Response> certify(const Request& request) const {
    const Sender sender = sender_of(request);
    auto body = body_of(request);
    if (!body && sender.decoy) body = json::object{};
    if (!body) return refuse(request, body.failure(), verify_code(body.failure()), "errorCode", verify_answer_bytes);
    auto mac = from_base64(text_of(*body, "ekeyhmac"));
    if (sender.decoy) mac = crypto::random_bytes(32);
    auto done = mac && mac->size() == 32 ? exposure.certify(sender, text_of(*body, "token"), *mac) : Result<std::string>(invalid("exposure.hmac_unreadable", "ekeyhmac"));
    if (!done) return refuse(request, done.failure(), verify_code(done.failure()), "errorCode", verify_answer_bytes);
    auto response = padded({{"certificate", *done}}, verify_answer_bytes, 200);
    response.memorable = !sender.decoy;
    return response;
  }

  Result<Response> index(const Request&) const {
    TRY_ASSIGN(const auto names, exposure.list_archives());
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    for (const auto& name : names) response.body += name + '\n';
    response.cacheable = true;
    response.headers.emplace_back("Cache-Control", "public, max-age=300");
    return response;
  }

  Result<Response> archive(const Request& request) const {
    TRY_ASSIGN(auto content, exposure.get_archive(request.param("archive")));
    Response response;
    response.content_type = "application/zip";
    response.body = std::move(content);
    response.cacheable = true;
    response.headers.emplace_back("Cache-Control", "public, max-age=1209600, immutable");   // 14 days: as long as it is listed
    return response;
  }

  Result<Response> public_key(const Request& request) const {
    const std::string text = request.query_value("version");
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data() + (text.starts_with('v') ? 1 : 0), text.data() + text.size(), version);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size() || version < 1)) return not_found("exposure.key_version_unknown");
    Response response;
    TRY_ASSIGN(response.body, exposure.public_key(version));
    response.content_type = "application/x-pem-file";
    response.cacheable = true;
    response.headers.emplace_back("Cache-Control", "public, max-age=300");
    return response;
  }
};

}  // namespace

void add_phone_routes(http::Router& router, House& house, Exposure& exposure) {
  const auto phones = std::make_shared<Phones>(Phones{house, exposure});
  const auto call = [phones](Result<Response> (Phones::*member)(const Request&) const) {
    return http::Handler([phones, member](const Request& request) { return ((*phones).*member)(request); });
  };
  const auto open = http::Access::anyone();
  const std::string base = "/exposure-keys/v1";
  using enum http::Method;
  router.add({.method = post, .path = base + "/verify", .access = open, .handler = call(&Phones::verify), .summary = "A one-time code for a token; X-Chaff: a decoy",
              .request_schema = verify_schema, .body_max_bytes = publish_body_bytes_max, .protocol = true});
  router.add({.method = post, .path = base + "/certificate", .access = open, .handler = call(&Phones::certify), .summary = "A token for a certificate over the HMAC of the keys",
              .request_schema = certify_schema, .body_max_bytes = publish_body_bytes_max, .protocol = true});
  router.add({.method = post, .path = base + "/publish", .access = open, .handler = call(&Phones::publish), .summary = "Publish or revise temporary exposure keys; X-Chaff: a decoy",
              .request_schema = publish_schema, .response_schema = published_schema, .body_max_bytes = publish_body_bytes_max, .protocol = true});
  router.add({.method = get, .path = base + "/index", .access = open, .handler = call(&Phones::index), .summary = "Names of the archives, oldest first, one a line", .protocol = true});
  router.add({.method = get, .path = base + "/public-key", .access = open, .handler = call(&Phones::public_key), .summary = "PEM of the key that signs archives",
              .parameters = {{"version", "query", "v1, v2 ...; without: the current one", false}}, .protocol = true});
  // A name in the index is found both beside the index and below it: clients resolve it one way or the other.
  for (const char* place : {"/{archive}", "/index/{archive}"})
    router.add({.method = get, .path = base + place, .access = open, .handler = call(&Phones::archive), .summary = "An archive: export.bin and export.sig", .protocol = true});
}

}  // namespace motcua::exposure
