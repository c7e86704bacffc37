// The embedded files of web/dist under a path that changes when any of them changes, so that browsers may keep them for ever
// and relative references between them hold.
#include "base/ids.hpp"
#include "platform/assets/assets.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/service.hpp"

namespace motcua::http {
namespace {

constexpr std::string_view folder = "web/dist/";

const std::string& bundle_hash() {
  static const std::string hash = [] {
    std::string all;
    for (const auto& asset : assets::list(folder)) {
      const auto one = crypto::sha256(asset.content);
      all.append(asset.name).append(to_hex(one));
    }
    const auto whole = crypto::sha256(all);
    return to_hex({whole.data(), 8});
  }();
  return hash;
}

std::string type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"}, {".png", "image/png"},
      {".ico", "image/x-icon"}, {".woff2", "font/woff2"}, {".woff", "font/woff"}, {".json", "application/json"}, {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}, {".map", "application/json"}};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return std::string(type);
  return "application/octet-stream";
}

}  // namespace

std::string asset_path(std::string_view name) { return "/assets/" + bundle_hash() + "/" + std::string(name); }

Result<Response> asset_response(std::string_view path) {
  constexpr std::string_view prefix = "/assets/";
  const auto slash = path.starts_with(prefix) ? path.find('/', prefix.size()) : std::string_view::npos;
  if (slash == std::string_view::npos) return not_found("http.no_such_page");
  const auto name = path.substr(slash + 1);
  const auto content = assets::find(std::string(folder).append(name));
  if (!content) return not_found("http.no_such_page");
  Response response;
  response.content_type = type_of(name);
  response.body = *content;
  response.cacheable = true;
  // A page of an older build may ask with its own hash: it gets today's file, and is not told to keep it.
  const bool current = path.substr(prefix.size(), slash - prefix.size()) == bundle_hash();
  response.headers.emplace_back("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
  return response;
}

}  // namespace motcua::http
