// For programs: check-ins of a resident, also told late by a phone that was offline; venues one keeps.
#include <boost/json.hpp>

#include "rooms/venues/keeper.hpp"

namespace motcua::venues {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* check_in_schema = R"({"type":"object","required":["code"],"properties":{"code":{"type":"string","description":"as scanned or typed"},
"number":{"type":"string","pattern":"^chk_[0-9a-z]{26}$","description":"made by the client; the same number again is the same check-in"},
"people":{"type":"array","items":{"type":"string"},"description":"prs_... for whom the account speaks; none: the account itself"},
"at":{"type":"string","format":"date-time","description":"when it was, told late"},"clock":{"type":"string","format":"date-time","description":"the client's clock now, beside `at`"}}})";
constexpr const char* venue_schema = R"({"type":"object","required":["name","kind","address"],"properties":{"name":{"type":"string"},"kind":{"type":"string"},"address":{"type":"string"},
"ward_code":{"type":"string","description":"empty: read from the address"}}})";

std::string_view to_text(Outcome outcome) { return outcome == Outcome::here ? "here" : outcome == Outcome::already ? "already" : "again"; }

json::object of(const Presence& p) {
  return {{"number", p.number}, {"venue", p.venue}, {"person", p.person}, {"from", to_iso(p.from)}, {"to", to_iso(p.to)}};
}
json::object of(const Venue& v) {
  return {{"venue_id", v.venue_id}, {"name", v.name}, {"kind", v.kind}, {"address", v.address}, {"ward_code", v.ward_code}, {"code", v.code}, {"short_code", v.short_code}, {"closed", v.closed_at.has_value()}};
}

/// A body as an object whose members are texts or lists of texts.
struct Body {
  json::object members;
  std::string text(const char* name) const {
    const auto* value = members.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  }
  Result<std::optional<Instant>> instant(const char* name) const {
    const std::string typed = text(name);
    if (typed.empty()) return std::optional<Instant>();
    TRY_ASSIGN(const Instant at, parse_instant(typed));
    return std::optional(at);
  }
};
Result<Body> body_of(const Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("venues.body_unreadable", "body");
  return Body{std::move(value.as_object())};
}

Result<Told> told_in(const Body& body) {
  Told told;
  TRY_ASSIGN(told.at, body.instant("at"));
  TRY_ASSIGN(told.clock, body.instant("clock"));
  return told;
}

Result<Response> check_in(const Site& site, const Request& request) {
  TRY_ASSIGN(const Body body, body_of(request));
  CheckInRequest wish{.number = body.text("number"), .code = body.text("code")};
  TRY_ASSIGN(wish.told, told_in(body));
  if (const auto* people = body.members.if_contains("people"); people != nullptr && people->is_array())
    for (const auto& p : people->as_array())
      wish.people.push_back(p.is_string() ? std::string(p.as_string()) : std::string());
  TRY_ASSIGN(const auto there, site.venues->check_in(*request.resident, request.id, wish));
  json::array rows;
  for (const auto& p : there) {
    json::object row = of(p);
    row["outcome"] = to_text(p.outcome);
    rows.push_back(std::move(row));
  }
  return Response::json(json::serialize(json::object{{"check_ins", std::move(rows)}}), 201);
}

Result<Response> list_check_ins(const Site& site, const Request& request) {
  constexpr int days = 21;
  TRY_ASSIGN(const auto there, site.venues->list_check_ins(*request.resident, days));
  json::array rows;
  for (const auto& p : there) rows.push_back(of(p));
  return Response::json(json::serialize(json::object{{"check_ins", std::move(rows)}}));
}

Result<Response> list_venues(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.list_venues"));
  TRY_ASSIGN(const auto venues, site.venues->list_venues(keeper));
  json::array rows;
  for (const auto& v : venues) rows.push_back(of(v));
  return Response::json(json::serialize(json::object{{"venues", std::move(rows)}}));
}

Result<Response> add_venue(const Site& site, const Request& request) {
  TRY_ASSIGN(const Body body, body_of(request));
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.add_venue"));
  TRY_ASSIGN(const auto venue, site.venues->add_venue(keeper, {body.text("name"), body.text("kind"), body.text("address"), body.text("ward_code")}));
  return Response::json(json::serialize(of(venue)), 201);
}

constexpr const char* shown_schema = R"({"type":"object","required":["shown"],"properties":{"shown":{"type":"array","items":{"type":"string"},"description":"card, citizen card, identity number or phone, one a person"},
"number":{"type":"string","pattern":"^chk_[0-9a-z]{26}$"},"at":{"type":"string","format":"date-time"},"clock":{"type":"string","format":"date-time"}}})";

/// At the door, by whoever keeps it: {"outcomes": [...], "refused": [{"position", "code"}]}.
Result<Response> check_in_shown(const Site& site, const Request& request) {
  TRY_ASSIGN(const Body body, body_of(request));
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.check_in_shown"));
  TRY_ASSIGN(const Told told, told_in(body));
  const auto* list = body.members.if_contains("shown");
  if (list == nullptr || !list->is_array()) return invalid("venues.body_unreadable", "shown");
  std::vector<std::string> shown;
  for (const auto& one : list->as_array()) shown.push_back(one.is_string() ? std::string(one.as_string()) : std::string());
  TRY_ASSIGN(const auto done, site.venues->check_in_shown(keeper, request.param("venue_id"), body.text("number"), shown, told));
  json::array outcomes, refused;
  for (const Outcome outcome : done.outcomes) outcomes.push_back(json::value(to_text(outcome)));
  for (const auto& [position, failure] : done.refused) refused.push_back(json::object{{"position", position}, {"code", failure.code}});
  return Response::json(json::serialize(json::object{{"outcomes", std::move(outcomes)}, {"refused", std::move(refused)}}), 201);
}

Result<Response> end(const Site& site, const Request& request, bool taken_back) {
  TRY_ASSIGN(const Body body, body_of(request));
  if (taken_back) TRY(site.venues->undo(*request.resident, request.id, request.param("number"), body.text("person")));
  else TRY(site.venues->check_out(*request.resident, request.id, request.param("number"), body.text("person")));
  return Response::json("{}");
}

}  // namespace

void add_api_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  const auto resident = http::Access::resident();
  const std::vector<http::Parameter> number{{"number", "path", "chk_...", true}};
  router.add({.method = post, .path = "/api/v1/check-ins", .access = resident, .handler = [site](const Request& r) { return check_in(site, r); }, .summary = "Check in", .request_schema = check_in_schema});
  router.add({.path = "/api/v1/check-ins", .access = resident, .handler = [site](const Request& r) { return list_check_ins(site, r); }, .summary = "Where one checked in"});
  router.add({.method = post, .path = "/api/v1/check-ins/{number}/undo", .access = resident, .handler = [site](const Request& r) { return end(site, r, true); }, .summary = "Take a check-in back", .parameters = number});
  router.add({.method = post, .path = "/api/v1/check-ins/{number}/out", .access = resident, .handler = [site](const Request& r) { return end(site, r, false); }, .summary = "Leave a venue", .parameters = number});
  for (const std::string path : {"/api/v1/me/venues", "/api/v1/venues"}) {
    const auto access = path == "/api/v1/venues" ? for_staff() : resident;
    router.add({.path = path, .access = access, .handler = [site](const Request& r) { return list_venues(site, r); }, .summary = "Venues one keeps"});
    router.add({.method = post, .path = path, .access = access, .handler = [site](const Request& r) { return add_venue(site, r); }, .summary = "Register a venue", .request_schema = venue_schema});
  }
  router.add({.method = post, .path = "/api/v1/venues/{venue_id}/check-ins", .access = for_staff(), .handler = [site](const Request& r) { return check_in_shown(site, r); },
              .summary = "Check in who shows a card or says a phone", .parameters = {{"venue_id", "path", "vnu_...", true}}, .request_schema = shown_schema});
}

}  // namespace motcua::venues
