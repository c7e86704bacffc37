// The public front page, and the start page of whoever is signed in.
#include <boost/json.hpp>

#include "app/desk/site.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Result<Response> front_page(const Site& site, const Request& request) {
  if (request.principal) return Response::see_other(pages::link(request, "/desk"));
  return Response::html(site.house->pages.render(request, "desk/front", {}, {.title = site.text(request, "desk.front_title"), .layout = pages::Layout::citizen}));
}

Result<Response> start_page(const Site& site, const Request& request) {
  json::array roles;
  for (const auto& grant : request.principal->grants) {
    const bool country = grant.area.empty() || grant.area == "vn";
    roles.push_back(json::object{{"role", site.text(request, "auth.role_" + grant.role)},
                                 {"area", country ? site.text(request, "auth.whole_country") : site.house->units.full_name(grant.area, vietnam_date(site.house->now()))}});
  }
  json::object context{{"today", i18n::date_long(site.house->texts, request.lang, vietnam_date(site.house->now()))},
                       {"rooms", site.house->pages.rooms(request)}, {"roles", std::move(roles)}};
  return Response::html(site.house->pages.render(request, "desk/start", std::move(context),
                                                 {.title = site.text(request, "desk.start_title"), .active = "desk.nav_start"}));
}

}  // namespace

void add_front_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"desk.nav_start", "/desk", {}, 1});
  router.add({.path = "/", .access = http::Access::anyone(), .handler = [site](const Request& r) { return front_page(site, r); },
              .summary = "What this is, and how to sign in"});
  router.add({.path = "/desk", .access = http::Access::signed_in(), .handler = [site](const Request& r) { return start_page(site, r); },
              .summary = "The rooms one may enter"});
}

}  // namespace motcua::app::desk
