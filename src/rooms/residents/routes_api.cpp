// The same for programs: JSON under /api/v1/me.
#include <boost/json.hpp>

#include "platform/auth/access.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* phone_schema = R"({"type":"object","properties":{"phone":{"type":"string"},"card":{"type":"string","description":"without a phone: what the QR code of a citizen card holds"}}})";
constexpr const char* code_schema = R"({"type":"object","required":["token","code"],"properties":{"token":{"type":"string"},"code":{"type":"string"},"trusted":{"type":"boolean"}}})";
constexpr const char* person_schema = R"({"type":"object","required":["full_name","birth","sex"],"properties":{"relation":{"type":"string","enum":["self","child","parent","spouse","relative","neighbour"]},
"full_name":{"type":"string"},"birth":{"type":"string"},"sex":{"type":"string"},"id_number":{"type":"string"},"phone":{"type":"string"},"address":{"type":"string"},"ward_code":{"type":"string"},
"nationality":{"type":"string"},"insurance_number":{"type":"string"}}})";

Result<json::object> body_of(const Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("residents.body_unreadable", "body");
  return std::move(value.as_object());
}
std::string text_of(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

json::object to_json(const Person& p) {
  const Details& d = p.details.reveal();
  return {{"person", p.handle}, {"relation", to_text(p.relation)}, {"assurance", assurance_text(p.assurance)}, {"waits", p.waits}, {"since", to_iso(p.since)}, {"full_name", d.full_name}, {"birth", d.birth},
          {"sex", d.sex}, {"id_number", d.id_number}, {"phone", d.phone}, {"address", d.address}, {"ward_code", d.ward_code}, {"nationality", d.nationality}, {"insurance_number", d.insurance_number}};
}

Details details_of(const json::object& body) {
  return {text_of(body, "full_name"), text_of(body, "birth"), text_of(body, "sex"), text_of(body, "id_number"), text_of(body, "phone"), text_of(body, "address"), text_of(body, "ward_code"),
          text_of(body, "nationality"), text_of(body, "insurance_number")};
}

Result<Response> begin(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  TRY_ASSIGN(const auto arrived, arrive(site, origin_of(request), text_of(body, "phone"), text_of(body, "card")));
  Response response = Response::json(json::serialize(json::object{{"token", arrived.token.reveal()}}));
  response.memorable = false;
  return response;
}

Result<Response> enter(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  const auto* trusted = body.if_contains("trusted");
  TRY_ASSIGN(const auto entered, site.residents->enter(origin_of(request), text_of(body, "token"), text_of(body, "code"), trusted && trusted->is_bool() && trusted->as_bool()));
  Response response = Response::json(json::serialize(json::object{{"csrf", entered.csrf}, {"knows_person", entered.knows_person}}));
  put_session(request, response, entered);
  response.memorable = false;
  return response;
}

Result<Response> enter_by_card(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  TRY_ASSIGN(const auto entered, site.cards->enter(origin_of(request), text_of(body, "card"), text_of(body, "pin")));
  Response response = Response::json(json::serialize(json::object{{"csrf", entered.csrf}}));
  put_session(request, response, entered);
  response.memorable = false;
  return response;
}

Result<Response> receive(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  TRY_ASSIGN(const auto act, auth::act_of(request, {"gate_staff", "clerk", "ward_health_worker"}, "declaring", "residents.receive"));
  TRY_ASSIGN(const auto person, site.residents->receive(act, {details_of(body)}));
  return Response::json(json::serialize(json::object{{"person", person.handle}}), 201);
}

Result<Response> issue_card(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto act, auth::act_of(request, {"gate_staff", "clerk", "ward_health_worker"}, "declaring", "residents.issue_card"));
  TRY_ASSIGN(const auto card, site.cards->issue(act, request.param("received")));
  Response response = Response::json(json::serialize(json::object{{"card", card.card}, {"code", card.code}, {"pin", card.pin.reveal()}}), 201);
  response.memorable = false;   // kept nowhere but as hashes
  return response;
}

Result<Response> people(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto people, site.residents->list_people(*request.resident));
  json::array rows;
  for (const auto& p : people) rows.push_back(to_json(p));
  return Response::json(json::serialize(json::object{{"people", std::move(rows)}}));
}

Result<Response> add_person(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  const std::string told = text_of(body, "relation");
  const auto relation = parse_relation(told.empty() ? "self" : told);
  if (!relation || *relation == Relation::helped) return invalid("residents.relation_needed", "relation");
  TRY_ASSIGN(const auto person, site.residents->add_person(origin_of(request), *request.resident, {details_of(body), *relation}));
  return Response::json(json::serialize(to_json(person)));
}

Result<Response> confirm(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  TRY(site.residents->confirm_person(origin_of(request), *request.resident, request.param("person"), text_of(body, "code")));
  TRY_ASSIGN(const auto person, site.residents->get_person(*request.resident, request.param("person")));
  return Response::json(json::serialize(to_json(person)));
}

Result<Response> change(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto body, body_of(request));
  TRY_ASSIGN(const auto person, site.residents->change_details(origin_of(request), *request.resident, request.param("person"), details_of(body)));
  return Response::json(json::serialize(to_json(person)));
}

}  // namespace

std::string_view assurance_text(Assurance assurance) { return assurance == Assurance::proved ? "proved" : "said"; }

void add_api_routes(http::Router& router, const Site& site) {
  const auto open = http::Access::anyone(), resident = http::Access::resident();
  using enum http::Method;
  const auto call = [site](auto handler) { return http::Handler([site, handler](const Request& r) { return handler(site, r); }); };
  router.add({.method = post, .path = "/api/v1/me/sign-in", .access = open, .handler = call(begin), .summary = "Send a one-time code to a phone", .request_schema = phone_schema});
  router.add({.method = post, .path = "/api/v1/me/sign-in/code", .access = open, .handler = call(enter), .summary = "Sign in: the code", .request_schema = code_schema});
  router.add({.method = post, .path = "/api/v1/me/sign-in/card", .access = open, .handler = call(enter_by_card), .summary = "Sign in: a printed card and its PIN",
              .request_schema = R"({"type":"object","required":["card","pin"],"properties":{"card":{"type":"string"},"pin":{"type":"string"}}})"});
  const auto counter = http::Access::roles({"gate_staff", "clerk", "ward_health_worker"}, "declaring");
  router.add({.method = post, .path = "/api/v1/counter/people", .access = counter, .handler = call(receive), .summary = "Receive somebody who has no account", .request_schema = person_schema});
  router.add({.method = post, .path = "/api/v1/counter/people/{received}/cards", .access = counter, .handler = call(issue_card), .summary = "A card and its PIN, told once; the cards before it end"});
  router.add({.path = "/api/v1/me/people", .access = resident, .handler = call(people), .summary = "Oneself, and for whom one speaks"});
  router.add({.method = post, .path = "/api/v1/me/people", .access = resident, .handler = call(add_person), .summary = "Tell who one is, or add somebody", .request_schema = person_schema});
  router.add({.method = post, .path = "/api/v1/me/people/{person}", .access = resident, .handler = call(change), .summary = "Change what a person told", .request_schema = person_schema});
  router.add({.method = post, .path = "/api/v1/me/people/{person}/confirm", .access = resident, .handler = call(confirm), .summary = "The code by which somebody says yes",
              .request_schema = R"({"type":"object","required":["code"],"properties":{"code":{"type":"string"}}})"});
  router.add({.method = post, .path = "/api/v1/me/people/{person}/end", .access = resident, .handler = [site](const Request& r) -> Result<Response> {
                TRY(site.residents->end_person(origin_of(r), *r.resident, r.param("person")));
                return Response::json("{}");
              }, .summary = "Speak for somebody no more"});
}

}  // namespace motcua::residents
