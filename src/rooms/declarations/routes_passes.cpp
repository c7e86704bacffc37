// What gates ask. Keys and revocations are nobody's secret; a verification is about a pass, not a person, and is not on record one by one: it would
// write down where people go.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* verify_schema = R"({"type":"object","required":["text"],"properties":{"text":{"type":"string","maxLength":512,"description":"what the QR code holds"},
"initials":{"type":"string","maxLength":64,"description":"as answered: NVA"},"birth_year":{"type":"integer","minimum":1850,"maximum":2100}}})";
constexpr const char* reading_schema = R"({"type":"object","required":["verdict"],"properties":{
"verdict":{"enum":["valid","expired","not-yet","revoked","unknown-key","bad-signature","unreadable"]},"state":{"enum":["declared","green","yellow","red"]},
"form":{"enum":["health","domestic","entry","daily"]},"issued_at":{"type":"string"},"expires_at":{"type":"string"},
"fits":{"type":["boolean","null"],"description":"initials and year; null: not asked, or the pass holds none"}}})";
constexpr std::size_t verify_body_bytes_max = 4096, initials_bytes_max = 64;

Response kept(std::string body, const char* type, const char* control) {
  Response response = Response::json(std::move(body));
  response.content_type = type;
  response.cacheable = true;
  response.headers.emplace_back("Cache-Control", control);
  return response;
}

struct Question {
  std::string text, initials;
  int birth_year = 0;
};

Result<Question> question_of(const Request& request) {
  std::error_code error;
  const auto value = json::parse(request.body, error);
  const auto* text = !error && value.is_object() ? value.as_object().if_contains("text") : nullptr;
  if (text == nullptr || !text->is_string()) return invalid("declarations.pass_question_unreadable", "text");
  Question out{.text = std::string(text->as_string())};
  if (const auto* initials = value.as_object().if_contains("initials"); initials != nullptr && initials->is_string()) out.initials = std::string(initials->as_string());
  if (out.initials.size() > initials_bytes_max) return invalid("declarations.pass_question_unreadable", "initials");
  if (const auto* year = value.as_object().if_contains("birth_year"); year != nullptr && year->is_int64()) out.birth_year = static_cast<int>(std::clamp<std::int64_t>(year->as_int64(), 0, 9999));
  return out;
}

struct PassDesk {
  House& house;
  Passes& passes;

  Result<Response> keys(const Request&) const {
    TRY_ASSIGN(const auto keys, passes.keys());
    return kept(to_jwks(keys), "application/jwk-set+json", "public, max-age=300");
  }

  Result<Response> revocations(const Request& request) const {
    const std::string since = request.query_value("since");
    std::int64_t from = 0;
    const auto [end, error] = std::from_chars(since.data(), since.data() + since.size(), from);
    if (!since.empty() && (error != std::errc() || end != since.data() + since.size() || from < 0)) return invalid("declarations.since_unreadable", "since");
    TRY_ASSIGN(const auto revoked, house.database.read_value([&](storage::Reader& reader) { return passes.revocations(reader, from_millis(from)); }));
    json::array ids(revoked.ids.begin(), revoked.ids.end());
    return kept(json::serialize(json::object{{"revoked", std::move(ids)}, {"next", to_millis(revoked.next)}, {"more", revoked.more}}), "application/json", "public, max-age=60");
  }

  Result<Response> verify(const Request& request) const {
    TRY_ASSIGN(const auto asked, question_of(request));
    TRY_ASSIGN(const auto reading, passes.verify(asked.text));
    json::object out{{"verdict", to_text(reading.verdict)}};
    if (reading.pass) {
      const Pass& pass = *reading.pass;
      out["state"] = to_text(pass.state), out["form"] = to_text(pass.form), out["issued_at"] = to_iso(pass.issued_at), out["expires_at"] = to_iso(pass.expires_at);
      const auto fits = asked.initials.empty() ? std::nullopt : fits_check(pass, asked.initials, asked.birth_year);
      out["fits"] = fits ? json::value(*fits) : json::value(nullptr);
    }
    auto response = Response::json(json::serialize(out));
    response.memorable = false;   // what is valid now may be revoked in a minute
    return response;
  }
};

}  // namespace

void add_pass_routes(http::Router& router, House& house, Passes& passes) {
  const PassDesk gate{house, passes};
  router.add({.path = "/api/v1/pass-keys", .access = http::Access::anyone(), .handler = [gate](const Request& r) { return gate.keys(r); },
              .summary = "Public keys of passes, the next one among them (JWK set, RFC 7517)"});
  router.add({.path = "/api/v1/pass-revocations", .access = http::Access::anyone(), .handler = [gate](const Request& r) { return gate.revocations(r); },
              .summary = "Revoked passes that have not expired, oldest first: the first 13 characters of their ids",
              .parameters = {{"since", "query", "`next` of the last answer: what was revoked from then on", false}}});
  router.add({.method = http::Method::post, .path = "/api/v1/passes/verify", .access = http::Access::roles({"gate_staff"}, "gate-check"),
              .handler = [gate](const Request& r) { return gate.verify(r); }, .summary = "Is this pass valid, and may it be this person's?",
              .request_schema = verify_schema, .response_schema = reading_schema, .body_max_bytes = verify_body_bytes_max});
}

}  // namespace motcua::declarations
