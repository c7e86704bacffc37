// The gate for programs and for its own page when it sends what waited.
#include <algorithm>
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/declarations/routes.hpp"
#include "rooms/declarations/routes_gate.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* check_schema = R"({"type":"object","properties":{"text":{"type":"string","maxLength":4096,"description":"as scanned or typed: pass, card, link, phone, identity number, name with or without year of birth"},
"about":{"type":"string","description":"one of the hits of an earlier answer, instead of text"},"initials":{"type":"string","maxLength":64},"birth_year":{"type":"integer"}}})";
constexpr const char* checked_schema = R"({"type":"object","required":["answer","tone"],"properties":{"answer":{"enum":["pass","person","several","too-many","nobody","elsewhere","unreadable"]},"tone":{"enum":["ok","warn","bad","none"]},
"verdict":{"enum":["valid","expired","not-yet","revoked","unknown-key","bad-signature","unreadable"]},"state":{"enum":["declared","green","yellow","red"]},"declared_at":{"type":"string"},"expires_at":{"type":"string"},
"fits":{"type":"boolean"},"about":{"type":"string"},"label":{"type":"string"},"hits":{"type":"array","items":{"type":"object"}}}})";
constexpr const char* declare_schema = R"({"type":"object","required":["declarations"],"properties":{"sent_at":{"type":"integer","description":"what the device's clock shows while sending, milliseconds since 1970"},
"declarations":{"type":"array","maxItems":50,"items":{"type":"object","required":["declaration"],"properties":{"declaration":{"type":"string","pattern":"^dec_[0-9a-z]{26}$","description":"made by the client; the same number again is the same declaration"},
"form":{"enum":["health","domestic","entry","daily"]},"answers":{"type":"object","additionalProperties":{}},"all_no":{"type":"boolean","description":"the person answered no to everything that is not in answers"},
"about":{"type":"string","description":"somebody found by check"},"text":{"type":"string","description":"as scanned"},"told_at":{"type":"integer","description":"by the device's clock, milliseconds since 1970; absent: now"},
"person":{"type":"object","properties":{"full_name":{"type":"string"},"birth":{"type":"string"},"sex":{"enum":["male","female","other"]},"id_number":{"type":"string"},"phone":{"type":"string"},"address":{"type":"string"},"insurance_number":{"type":"string"}}}}}}}})";
constexpr std::size_t gate_body_bytes_max = 512 * 1024;   // gate_batch_max declarations of 10 KB
constexpr std::string_view answer_names[] = {"pass", "person", "several", "too-many", "nobody", "elsewhere", "unreadable"};

std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}
std::optional<Instant> instant_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? std::optional(from_millis(value->as_int64())) : std::nullopt;
}

Result<json::object> body_of(const Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("declarations.answers_unreadable");
  return std::move(value.as_object());
}

Result<GateDeclaration> declaration_in(const json::value& value, std::optional<Instant> sent_at) {
  if (!value.is_object()) return invalid("declarations.answers_unreadable", "declarations");
  const json::object& object = value.as_object();
  GateDeclaration out;
  out.declaration = text_in(object, "declaration"), out.about = text_in(object, "about"), out.text = text_in(object, "text");
  if (const std::string form = text_in(object, "form"); !form.empty()) out.form = form;
  const auto* all_no = object.if_contains("all_no");
  out.all_no = all_no != nullptr && all_no->is_bool() && all_no->as_bool();
  if (const auto* answers = object.if_contains("answers"); answers != nullptr && answers->is_object()) {
    TRY_ASSIGN(out.answers, answers_of(answers->as_object()));
  }
  if (const auto* person = object.if_contains("person"); person != nullptr && person->is_object()) {
    const auto& p = person->as_object();
    out.details = {text_in(p, "full_name"), text_in(p, "birth"), text_in(p, "sex"), text_in(p, "id_number"), text_in(p, "phone"), text_in(p, "address"), "", "", text_in(p, "insurance_number")};
  }
  const auto told = instant_in(object, "told_at");
  if (told && sent_at) out.device = DeviceTime{*told, *sent_at};
  return out;
}

struct Site {
  House* house;
  const Gate* gate;

  Result<Response> check(const Request& request) const {
    TRY_ASSIGN(const Act act, gate_act(request, "gate-check", "declarations.gate_check"));
    TRY_ASSIGN(const auto body, body_of(request));
    const auto* year = body.if_contains("birth_year");
    const GateQuestion question{text_in(body, "text"), text_in(body, "about"), text_in(body, "initials"), year != nullptr && year->is_int64() ? static_cast<int>(std::clamp<std::int64_t>(year->as_int64(), 0, 9999)) : 0};
    TRY_ASSIGN(const auto answer, gate->check(act, question));
    json::object out{{"answer", answer_names[static_cast<std::size_t>(answer.kind)]}, {"tone", sign_of(answer).tone}};
    const auto put = [&out](PassVerdict verdict, PassState state, Instant from, Instant to) {
      out["verdict"] = to_text(verdict), out["state"] = to_text(state), out["declared_at"] = to_iso(from), out["expires_at"] = to_iso(to);
    };
    if (answer.kind == GateAnswer::Kind::pass) out["verdict"] = to_text(answer.reading.verdict);
    if (answer.reading.pass) put(answer.reading.verdict, answer.reading.pass->state, answer.reading.pass->issued_at, answer.reading.pass->expires_at);
    if (answer.standing) put(answer.standing->verdict, answer.standing->state, answer.standing->declared_at, answer.standing->expires_at);
    if (answer.fits) out["fits"] = *answer.fits;
    if (!answer.about.empty()) out["about"] = answer.about, out["label"] = answer.label;
    json::array hits;
    for (const auto& hit : answer.hits) hits.push_back(json::object{{"about", hit.about}, {"full_name", hit.full_name.reveal()}, {"birth_year", hit.birth_year}, {"ward_code", hit.ward_code}});
    if (!hits.empty()) out["hits"] = std::move(hits);
    auto response = Response::json(json::serialize(out));
    response.memorable = false;   // what is valid now may be revoked in a minute
    return response;
  }

  Result<json::object> declared(const Request& request, const Act& act, const GateDeclaration& asked) const {
    TRY_ASSIGN(const auto receipt, gate->declare(act, asked));
    TRY_ASSIGN(const auto slip, gate->slip(act.actor, receipt.told.declaration));
    TRY_ASSIGN(const std::string pass, gate->declaring().passes().text_of(slip.pass.pass));
    return json::object{{"declaration", receipt.told.declaration}, {"status", "accepted"}, {"declared_at", to_iso(receipt.told.declared_at)}, {"expires_at", to_iso(receipt.told.expires_at)},
                        {"ticket", receipt.row.ticket}, {"label", receipt.row.label}, {"pass", pass}, {"slip", pages::link(request, "/gate/slips/" + receipt.told.declaration)}};
  }
  json::object refused(const Request& request, const std::string& declaration, const Failure& failure) const {
    return {{"declaration", declaration}, {"status", failure.kind == FailureKind::unavailable || failure.kind == FailureKind::conflict ? "again" : "refused"}, {"code", failure.code}, {"field", failure.field},
            {"sentence", house->texts.sentence(request.lang, failure)}};
  }

  /// Each by itself: one that is wrong stops no other.
  Result<Response> declare(const Request& request) const {
    TRY_ASSIGN(const Act act, gate_act(request, "declaring", "declarations.declare"));
    TRY_ASSIGN(const auto body, body_of(request));
    const auto* list = body.if_contains("declarations");
    if (list == nullptr || !list->is_array() || list->as_array().empty()) return invalid("declarations.answers_unreadable", "declarations");
    if (list->as_array().size() > gate_batch_max) return invalid("declarations.too_many_at_once", "declarations", {{"max", std::to_string(gate_batch_max)}});
    const auto sent_at = instant_in(body, "sent_at");
    json::array answers;
    for (const auto& one : list->as_array()) {
      const auto asked = declaration_in(one, sent_at);
      const std::string number = one.is_object() ? text_in(one.as_object(), "declaration") : std::string();
      if (!asked) {
        answers.push_back(refused(request, number, asked.failure()));
        continue;
      }
      auto told = declared(request, act, *asked);
      answers.push_back(told ? std::move(*told) : refused(request, number, told.failure()));
    }
    json::object out{{"answers", std::move(answers)}, {"at", to_millis(house->now())}};
    if (sent_at) out["skew_ms"] = skew_of({*sent_at, *sent_at}, house->now()).count();
    return Response::json(json::serialize(out));
  }
};

}  // namespace

void add_gate_api(http::Router& router, House& house, const Gate& gate) {
  const Site site{&house, &gate};
  router.add({.method = http::Method::post, .path = "/api/v1/gate/check", .access = http::Access::roles({"gate_staff"}, "gate-check"), .handler = [site](const Request& r) { return site.check(r); },
              .summary = "Has this person declared?", .request_schema = check_schema, .response_schema = checked_schema});
  router.add({.method = http::Method::post, .path = "/api/v1/gate/declarations", .access = http::Access::roles({"gate_staff"}, "declaring"), .handler = [site](const Request& r) { return site.declare(r); },
              .summary = "Declare for people at a gate, up to 50 at once; an answer for each", .request_schema = declare_schema, .body_max_bytes = gate_body_bytes_max});
}

}  // namespace motcua::declarations
