// What makes the gate installable: a manifest in each language (W3C Web Application Manifest), and the service worker, which must stand at the root to be
// allowed the scopes it is registered for (/vi/gate, /en/gate).
#include <boost/json.hpp>

#include "app/desk/site.hpp"
#include "platform/assets/assets.hpp"
#include "platform/http/service.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Result<Response> manifest(const Site& site, const Request& request) {
  json::array icons;
  for (const char* size : {"192", "512"}) {
    const std::string file = std::string("icon-") + size + ".png", sizes = std::string(size) + "x" + size;
    icons.push_back(json::object{{"src", http::asset_path(file)}, {"sizes", sizes}, {"type", "image/png"}, {"purpose", "any"}});
  }
  icons.push_back(json::object{{"src", http::asset_path("icon.svg")}, {"sizes", "any"}, {"type", "image/svg+xml"}});
  const std::string start = pages::link(request, "/gate"), name = site.text(request, "desk.app_gate");
  Response response = Response::json(json::serialize(json::object{{"id", start}, {"name", name}, {"short_name", name}, {"lang", request.lang}, {"start_url", start}, {"scope", start},
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
  router.add({.path = "/gate/app.webmanifest", .access = http::Access::anyone(), .handler = [site](const Request& r) { return manifest(site, r); }, .summary = "The gate as an application"});
  router.add({.path = "/sw.js", .access = http::Access::anyone(), .handler = worker, .summary = "The service worker of the gate", .protocol = true});
}

}  // namespace motcua::app::desk
