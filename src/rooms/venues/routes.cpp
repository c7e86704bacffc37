// A resident at a venue: the page behind the poster's code, typing a code, what was checked in.
#include "rooms/venues/routes.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/target.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::venues {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int days_shown = 21;
const pages::PageFrame citizen{.title = {}, .layout = pages::Layout::citizen};

/// Who may be checked in here, oneself ticked.
json::array people_rows(const std::vector<residents::Person>& people) {
  json::array rows;
  for (const auto& p : people)
    if (!p.waits) rows.push_back(json::object{{"handle", p.handle}, {"name", p.details.reveal().full_name}, {"self", p.relation == residents::Relation::self}});
  return rows;
}

Response to_sign_in(const Request& request) { return Response::see_other(pages::link(request, "/me/sign-in") + "?next=" + http::percent_encode(request.target)); }

Result<Response> venue_page(const Site& site, const Request& request, const Failure* failure) {
  const std::string code = request.param("code");
  // A short code can be tried out: by whoever has an account only. The code of a poster cannot.
  if (!request.resident && code.size() != poster_code_chars) return to_sign_in(request);
  const auto venue = site.venues->find_by_code(code);
  if (!venue) return belongs_on_form(venue.failure()) ? Result<Response>(site.page(request, "venues/type_code", {{"code", ""}}, citizen, &venue.failure())) : Result<Response>(venue.failure());
  json::object context{{"venue", venue->name}, {"address", venue->address}, {"action", pages::link(request, "/v/" + code)}, {"number", crypto::random_id("chk")}, {"short_code", in_groups(venue->short_code)},
                       {"sms_number", site.house->settings.text("venues.sms_number")}, {"sign_in_href", pages::link(request, "/me/sign-in") + "?next=" + http::percent_encode(pages::link(request, "/v/" + code))}};
  if (request.resident) {
    TRY_ASSIGN(const auto people, site.residents->list_people(*request.resident));
    json::array rows = people_rows(people);
    if (rows.empty()) return Response::see_other(pages::link(request, "/me/who"));
    context["several"] = rows.size() > 1;
    context["people"] = std::move(rows);
  }
  pages::PageFrame frame = citizen;
  frame.title = venue->name;
  return site.page(request, "venues/check_in", std::move(context), frame, failure);
}

std::string outcome_of(const std::vector<Presence>& there) {
  const bool nothing_new = std::all_of(there.begin(), there.end(), [](const Presence& p) { return p.outcome == Outcome::already; });
  return nothing_new ? "already" : "here";
}

Result<Response> check_in(const Site& site, const Request& request) {
  CheckInRequest wish{.number = request.form_value("number"), .code = request.param("code")};
  const auto [first, last] = request.form.equal_range("person");
  for (auto i = first; i != last; ++i) wish.people.push_back(i->second);
  const auto there = site.venues->check_in(*request.resident, request.id, wish);
  if (!there) return belongs_on_form(there.failure()) ? venue_page(site, request, &there.failure()) : Result<Response>(there.failure());
  return Response::see_other(pages::link(request, "/check-ins") + "?said=" + outcome_of(*there));
}

/// A code typed or scanned: the page of its venue. The code comes in the address, as it does from a poster: it names a place, nobody.
Result<Response> type_code_page(const Site& site, const Request& request) {
  const std::string typed = request.query_value("code");
  pages::PageFrame frame = citizen;
  frame.title = site.text(request, "venues.type_code_title");
  frame.scripts = {"scan.js"};
  if (typed.empty()) return site.page(request, "venues/type_code", {{"code", ""}}, frame);
  const auto venue = site.venues->find_by_code(typed);
  if (venue) return Response::see_other(pages::link(request, "/v/" + venue->code));
  Failure wrong = venue.failure();
  if (wrong.kind == FailureKind::not_found) wrong = invalid(wrong.code, "code");
  if (!belongs_on_form(wrong)) return wrong;
  return site.page(request, "venues/type_code", {{"code", typed.substr(0, 100)}}, frame, &wrong);
}

Result<Response> list_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto there, site.venues->list_check_ins(*request.resident, days_shown));
  TRY_ASSIGN(const auto people, site.residents->list_people(*request.resident));
  std::map<std::string, std::string> names;
  for (const auto& p : people) names[p.handle] = p.details.reveal().full_name;
  const Instant now = site.house->now();
  json::array rows;
  for (const auto& p : there) {
    const std::string path = pages::link(request, "/check-ins/" + p.number);
    rows.push_back(json::object{{"venue", p.venue}, {"name", names[p.person]}, {"person", p.person}, {"from", clock_text(request, p.from, now)}, {"to", i18n::time_of_day(p.to)},
                                {"there", now < p.to}, {"may_undo", now <= p.from + undo_within}, {"undo", path + "/undo"}, {"out", path + "/out"}});
  }
  pages::PageFrame frame = citizen;
  frame.title = site.text(request, "venues.check_ins_title");
  const std::string said = request.query_value("said");
  return site.page(request, "venues/check_ins", {{"any", !rows.empty()}, {"rows", std::move(rows)}, {"said_here", said == "here"}, {"said_already", said == "already"}, {"said_undone", said == "undone"}, {"said_out", said == "out"}},
                   frame);
}

}  // namespace

http::Response Site::page(const Request& request, std::string_view name, json::object context, pages::PageFrame frame, const Failure* failure) const {
  if (failure) pages::put_errors(house->texts, request.lang, {*failure}, context);
  if (frame.title.empty()) frame.title = text(request, "venues.type_code_title");
  const int status = !failure ? 200 : failure->kind == FailureKind::conflict ? 409 : failure->kind == FailureKind::rate_limited ? 429 : 422;
  return Response::html(house->pages.render(request, name, std::move(context), frame), status);
}

bool belongs_on_form(const Failure& failure) {
  return failure.kind == FailureKind::invalid || failure.kind == FailureKind::conflict || failure.kind == FailureKind::rate_limited;
}

std::string clock_text(const Request& request, Instant at, Instant now) {
  return vietnam_date(at) == vietnam_date(now) ? i18n::time_of_day(at) : i18n::date_time(request.lang, at);
}

http::Access for_staff() { return http::Access::roles({"venue", "gate_staff"}, "venue-check-in"); }

void add_resident_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  const auto resident = http::Access::resident();
  const auto add = [&](http::Method method, const char* path, http::Access access, const char* summary, auto handler) {
    router.add({.method = method, .path = path, .access = std::move(access), .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
  };
  add(get, "/v/{code}", http::Access::anyone(), "A venue, behind the code of its poster", [](const Site& s, const Request& r) { return venue_page(s, r, nullptr); });
  add(post, "/v/{code}", resident, "Check in", check_in);
  add(get, "/check-in", resident, "Type or scan the code of a venue", type_code_page);
  add(get, "/check-ins", resident, "Where one checked in", list_page);
  add(post, "/check-ins/{number}/undo", resident, "Take a check-in back", [](const Site& s, const Request& r) -> Result<Response> {
    TRY(s.venues->undo(*r.resident, r.id, r.param("number"), r.form_value("person")));
    return Response::see_other(pages::link(r, "/check-ins?said=undone"));
  });
  add(post, "/check-ins/{number}/out", resident, "Leave a venue", [](const Site& s, const Request& r) -> Result<Response> {
    TRY(s.venues->check_out(*r.resident, r.id, r.param("number"), r.form_value("person")));
    return Response::see_other(pages::link(r, "/check-ins?said=out"));
  });
}

void add_routes(http::Router& router, const Site& site) {
  site.house->pages.add_related("resident", {"venues.related_check_in", "/check-in", pages::for_residents, 50});
  site.house->pages.add_related("resident", {"venues.related_check_ins", "/check-ins", pages::for_residents, 51});
  site.house->pages.add_related("resident", {"venues.related_venues", "/me/venues", pages::for_residents, 52});
  site.house->pages.add_navigation({.key = "venues.nav_venues", .path = "/venues", .roles = {"venue", "gate_staff"}, .order = 60});
  add_resident_routes(router, site);
  add_keeper_routes(router, site);
  add_door_routes(router, site);
  add_api_routes(router, site);
  add_inbound_routes(router, site);
}

}  // namespace motcua::venues
