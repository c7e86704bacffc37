// Keeping venues, by a resident's account and by staff: the same pages under /me/venues and /venues.
#include <boost/json.hpp>

#include "platform/auth/access.hpp"
#include "platform/config/config.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/venues/keeper.hpp"

namespace motcua::venues {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int count_days = 7;

std::string base_of(const Request& request) { return request.path.starts_with("/me/") || request.path.starts_with("/api/v1/me/") ? "/me/venues" : "/venues"; }
bool is_resident(const Request& request) { return base_of(request) == "/me/venues"; }

pages::PageFrame frame_of(const Site& site, const Request& request, std::string title, bool inner) {
  pages::PageFrame frame{.title = std::move(title), .layout = is_resident(request) ? pages::Layout::citizen : pages::Layout::desk, .active = "venues.nav_venues"};
  if (inner && !is_resident(request)) frame.crumbs = {{site.text(request, "venues.nav_venues"), "/venues"}, {frame.title, ""}};
  return frame;
}

json::array kind_rows(const Site& site, const Request& request) {
  json::array rows;
  for (const Kind& kind : site.venues->kinds())
    if (find_kind({kind}, kind.name, vietnam_date(site.house->now())) != nullptr)
      rows.push_back(json::object{{"value", kind.name}, {"label", site.text(request, "venues.kind_" + kind.name)}, {"selected", request.form_value("kind") == kind.name}});
  return rows;
}

Result<Response> list_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.list_venues"));
  TRY_ASSIGN(const auto venues, site.venues->list_venues(keeper));
  json::array rows;
  for (const auto& v : venues)
    rows.push_back(json::object{{"name", v.name}, {"kind", site.text(request, "venues.kind_" + v.kind)}, {"address", v.address}, {"closed", v.closed_at.has_value()},
                                {"href", pages::link(request, base_of(request) + "/" + v.venue_id)}, {"door", is_resident(request) || v.closed_at ? "" : pages::link(request, "/venues/" + v.venue_id + "/door")}});
  return site.page(request, "venues/venues", {{"any", !rows.empty()}, {"rows", std::move(rows)}, {"new_href", pages::link(request, base_of(request) + "/new")}},
                   frame_of(site, request, site.text(request, "venues.venues_title"), false));
}

Response new_page(const Site& site, const Request& request, const Failure* failure) {
  json::object context{{"kinds", kind_rows(site, request)}, {"name", request.form_value("name").substr(0, 400)}, {"address", request.form_value("address").substr(0, 1000)},
                       {"action", pages::link(request, base_of(request) + "/new")}};
  return site.page(request, "venues/new_venue", std::move(context), frame_of(site, request, site.text(request, "venues.new_title"), true), failure);
}

Result<Response> add(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.add_venue"));
  const auto venue = site.venues->add_venue(keeper, {request.form_value("name"), request.form_value("kind"), request.form_value("address"), ""});
  if (!venue) return belongs_on_form(venue.failure()) ? Result<Response>(new_page(site, request, &venue.failure())) : Result<Response>(venue.failure());
  return Response::see_other(pages::link(request, base_of(request) + "/" + venue->venue_id));
}

json::array count_rows(const Site& site, const Request& request, const std::vector<DayCount>& counts) {
  json::array rows;
  for (const auto& c : counts)
    rows.push_back(json::object{{"day", i18n::date_short(request.lang, c.day)}, {"count", c.check_ins ? site.text(request, "venues.count_about", {{"n", i18n::number(*c.check_ins)}})
                                                                                              : site.text(request, "venues.count_few", {{"n", std::to_string(count_min)}})}});
  return rows;
}

Result<Response> venue_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.view_venue"));
  const std::string id = request.param("venue_id"), path = base_of(request) + "/" + id;
  TRY_ASSIGN(const Venue venue, site.venues->get_venue(keeper, id));
  TRY_ASSIGN(const auto counts, site.venues->count_check_ins(keeper, id, count_days));
  json::object context{{"name", venue.name}, {"kind", site.text(request, "venues.kind_" + venue.kind)}, {"address", venue.address}, {"closed", venue.closed_at.has_value()},
                       {"short_code", in_groups(venue.short_code)}, {"sms_number", site.house->settings.text("venues.sms_number")}, {"counts", count_rows(site, request, counts)},
                       {"poster", pages::link(request, path + "/poster")}, {"reissue", pages::link(request, path + "/reissue")}, {"close_action", pages::link(request, path + "/close")},
                       {"door", is_resident(request) ? "" : pages::link(request, path + "/door")}};
  return site.page(request, "venues/venue", std::move(context), frame_of(site, request, venue.name, true));
}

/// Where the poster's code leads: as the settings say, else where this page was asked for.
std::string site_of(const Site& site, const Request& request) {
  const std::string& named = site.house->settings.text("venues.site");
  return !named.empty() ? named : (request.secure ? "https://" : "http://") + request.header("host");
}

Result<Response> poster(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto keeper, keeper_of(request, "venues.print_poster"));
  TRY_ASSIGN(auto pdf, site.venues->poster(keeper, request.param("venue_id"), site_of(site, request), request.lang));
  Response response;
  response.content_type = "application/pdf";
  response.body = std::move(pdf);
  response.headers.emplace_back("Content-Disposition", "inline; filename=\"poster.pdf\"");
  return response;
}

}  // namespace

Result<Keeper> keeper_of(const Request& request, std::string action) {
  if (is_resident(request)) return Keeper{residents::act_of(*request.resident, std::move(action), request.id), false, {}};
  TRY_ASSIGN(Act act, auth::act_of(request, {"venue", "gate_staff"}, "venue-check-in", std::move(action)));
  return Keeper{std::move(act), true, auth::areas_of(*request.principal, {"venue", "gate_staff"})};
}

void add_keeper_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  for (const std::string base : {"/me/venues", "/venues"}) {
    const auto access = base == "/me/venues" ? http::Access::resident() : for_staff();
    const auto add_route = [&](http::Method method, const std::string& path, const char* summary, auto handler) {
      router.add({.method = method, .path = base + path, .access = access, .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
    };
    add_route(get, "", "Venues one keeps", list_page);
    add_route(get, "/new", "Register a venue", [](const Site& s, const Request& r) -> Result<Response> { return new_page(s, r, nullptr); });
    add_route(post, "/new", "Register a venue", add);
    add_route(get, "/{venue_id}", "A venue with its codes and counts", venue_page);
    add_route(get, "/{venue_id}/poster", "The poster, to print", poster);
    add_route(post, "/{venue_id}/close", "Nobody checks in any more", [](const Site& s, const Request& r) -> Result<Response> {
      TRY_ASSIGN(const auto keeper, keeper_of(r, "venues.close_venue"));
      TRY(s.venues->close_venue(keeper, r.param("venue_id")));
      return Response::see_other(pages::link(r, base_of(r)));
    });
    add_route(post, "/{venue_id}/reissue", "Other codes; those before end", [](const Site& s, const Request& r) -> Result<Response> {
      TRY_ASSIGN(const auto keeper, keeper_of(r, "venues.reissue_codes"));
      TRY_ASSIGN(const auto venue, s.venues->reissue_codes(keeper, r.param("venue_id")));
      return Response::see_other(pages::link(r, base_of(r) + "/" + venue.venue_id));
    });
  }
}

}  // namespace motcua::venues
