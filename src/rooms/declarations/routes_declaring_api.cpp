// Declaring for programs: forms, declarations of one's people.
#include <boost/json.hpp>

#include "platform/crypto/crypto.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* declare_schema = R"({"type":"object","required":["form","answers"],"properties":{"form":{"enum":["health","domestic","entry","daily"]},
"declaration":{"type":"string","pattern":"^dec_[0-9a-z]{26}$","description":"made by the client; the same number again is the same declaration"},
"answers":{"type":"object","description":"field -> text, or list of texts","additionalProperties":{}}}})";

json::object of(const ToldDeclaration& d) {
  return {{"declaration", d.declaration}, {"form", to_text(d.form)}, {"version", d.version}, {"declared_at", motcua::to_iso(d.declared_at)}, {"expires_at", motcua::to_iso(d.expires_at)}, {"answers", to_json(d.answers)}};
}

struct Site {
  residents::Residents* residents;
  const Declaring* declaring;

  Result<Response> forms(const Request&) const {
    json::array rows;
    for (const Form* form : declaring->forms_today()) rows.push_back(to_json(*form));
    return Response::json(json::serialize(json::object{{"forms", std::move(rows)}}));
  }
  Result<Response> form(const Request& request) const {
    TRY_ASSIGN(const Form* form, declaring->form_today(request.param("form")));
    return Response::json(json::serialize(to_json(*form)));
  }
  Result<Response> list(const Request& request) const {
    TRY_ASSIGN(const auto person, residents->get_person(*request.resident, request.param("person")));
    TRY_ASSIGN(const auto told, declaring->list(person, told_max));
    json::array rows;
    for (const auto& d : told) rows.push_back(of(d));
    return Response::json(json::serialize(json::object{{"declarations", std::move(rows)}}));
  }
  Result<Response> declare(const Request& request) const {
    TRY_ASSIGN(const auto person, residents->person_to_act_for(*request.resident, request.param("person")));
    std::error_code error;
    const auto body = json::parse(request.body, error);
    const auto* answers = !error && body.is_object() ? body.as_object().if_contains("answers") : nullptr;
    if (answers == nullptr || !answers->is_object()) return invalid("declarations.answers_unreadable", "answers");
    const auto text = [&](const char* name) {
      const auto* value = body.as_object().if_contains(name);
      return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    TRY_ASSIGN(const Form* form, declaring->form_today(text("form")));
    Draft draft{text("declaration"), {}, std::nullopt};
    if (draft.declaration.empty()) draft.declaration = crypto::random_id("dec");
    TRY_ASSIGN(draft.answers, answers_of(answers->as_object()));
    TRY_ASSIGN(const auto told, declaring->submit(residents::act_of(*request.resident, "declarations.declare", request.id), person, *form, draft));
    return Response::json(json::serialize(of(told)), 201);
  }
};

}  // namespace

void add_declaring_api(http::Router& router, residents::Residents& residents, const Declaring& declaring) {
  const Site site{&residents, &declaring};
  const auto resident = http::Access::resident();
  router.add({.path = "/api/v1/forms", .access = http::Access::anyone(), .handler = [site](const Request& r) { return site.forms(r); }, .summary = "Forms in force today"});
  router.add({.path = "/api/v1/forms/{form}", .access = http::Access::anyone(), .handler = [site](const Request& r) { return site.form(r); }, .summary = "One form: pages, fields, texts"});
  router.add({.path = "/api/v1/me/people/{person}/declarations", .access = resident, .handler = [site](const Request& r) { return site.list(r); }, .summary = "What was declared for a person here, newest first"});
  router.add({.method = http::Method::post, .path = "/api/v1/me/people/{person}/declarations", .access = resident, .handler = [site](const Request& r) { return site.declare(r); },
              .summary = "Declare for a person", .request_schema = declare_schema});
}

}  // namespace motcua::declarations
