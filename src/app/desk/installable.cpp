// What makes the gate and a resident's own pages installable: a manifest for each in each language (W3C Web Application Manifest), and the service
// worker, which must stand at the root to be allowed the scopes it is registered for (/vi/gate, /vi/me), and no others.
#include <boost/json.hpp>

#include "app/desk/site.hpp"
#include "platform/assets/assets.hpp"
#include "platform/http/service.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Response manifest(const Site& site, const Request& request, const char* path, const char* name_key) {
  json::array icons;
  for (const char* size : {"192", "512"}) {
    const std::string file = std::string("icon-") + size + ".png", sizes = std::string(size) + "x" + size;
    icons.push_back(json::object{{"src", http::asset_path(file)}, {"sizes", sizes}, {"type", "image/png"}, {"purpose", "any"}});
  }
  icons.push_back(json::object{{"src", http::asset_path("icon.svg")}, {"sizes", "any"}, {"type", "image/svg+xml"}});
  const std::string start = pages::link(request, path);
  Response response = Response::json(json::serialize(json::object{{"id", start}, {"name", site.text(request, name_key)}, {"short_name", site.text(request, name_key)}, {"lang", request.lang}, {"start_url", start}, {"scope", start},
                                                                  {"display", "standalone"}, {"background_color", "#ffffff"}, {"theme_color", "#0b5c6b"}, {"icons", std::move(icons)}}));
  response.content_type = "application/manifest+json";
  response.cacheable = true;
  return response;
}

Result<Response> worker(const Request&) {
  const auto script = assets::find("web/dist/sw.js");
  if (!script) return not_found("http.no_such_page");
  Response response;
  response.content_type = "text/javascript; charset=utf-8";
  response.body = *script;
  response.cacheable = true;
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace

void add_installable_routes(http::Router& router, const Site& site) {
  const auto add = [&](const char* path, const char* start, const char* name_key, const char* summary) {
    router.add({.path = path, .access = http::Access::anyone(), .handler = [=](const Request& r) -> Result<Response> { return manifest(site, r, start, name_key); }, .summary = summary});
  };
  add("/gate/app.webmanifest", "/gate", "desk.app_gate", "The gate as an application");
  add("/me/app.webmanifest", "/me", "desk.app_me", "A resident's own pages as an application");
  router.add({.path = "/sw.js", .access = http::Access::anyone(), .handler = worker, .summary = "The service worker of the gate and of residents' pages", .protocol = true});
}

}  // namespace motcua::app::desk
