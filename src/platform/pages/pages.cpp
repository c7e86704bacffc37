#include "platform/pages/pages.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include "platform/pages/templates.hpp"

namespace motcua::pages {
namespace json = boost::json;

struct Pages::State {
  State(const i18n::Texts& t, std::function<std::string(std::string_view)> path)
      : texts(t), asset_path(std::move(path)), sources(embedded_sources()) {}
  const i18n::Texts& texts;
  std::function<std::string(std::string_view)> asset_path;
  Sources sources;
  std::map<std::string, std::map<std::string, Template, std::less<>>, std::less<>> parsed;   // language -> name -> template
  mutable std::shared_mutex navigation_mutex;
  std::vector<NavigationItem> navigation;
  std::map<std::string, std::vector<NavigationItem>, std::less<>> related;

  const Template& get(std::string_view lang, std::string_view name) const {
    const auto& of_language = parsed.find(i18n::language_or_default(lang))->second;
    const auto found = of_language.find(name);
    if (found == of_language.end()) throw std::logic_error("no template " + std::string(name));
    return found->second;
  }
};

namespace {

bool sees(const NavigationItem& item, const http::Principal& principal) {
  return item.roles.empty() || std::any_of(principal.grants.begin(), principal.grants.end(), [&](const http::RoleGrant& grant) {
    return std::find(item.roles.begin(), item.roles.end(), grant.role) != item.roles.end();
  });
}

constexpr int data_order_min = 500;

/// The same place in the other language; a page that was posted to has no address of its own, so its path alone.
std::string other_language_target(const http::Request& request, std::string_view other) {
  const std::string prefix = "/" + request.lang;
  if (request.target == prefix || request.target.starts_with(prefix + "/") || request.target.starts_with(prefix + "?"))
    return "/" + std::string(other) + request.target.substr(prefix.size());
  return "/" + std::string(other) + "/";
}

void put_request(const http::Request& request, json::object& context) {
  context["lang"] = request.lang;
  context["root"] = "/" + request.lang;
  context["path"] = request.path;
  context["request_id"] = request.id;
  context["signed_in"] = request.principal.has_value();
  context["resident"] = request.resident.has_value();
  if (request.resident) context["csrf"] = request.resident->csrf;
  if (!request.principal) return;
  context["csrf"] = request.principal->csrf;
  context["display_name"] = request.principal->display_name;
}

json::array crumbs_of(const http::Request& request, const PageFrame& frame) {
  json::array crumbs;
  for (const auto& [label, path] : frame.crumbs) {
    json::object crumb{{"label", label}};
    if (!path.empty()) crumb["href"] = link(request, path);
    crumbs.push_back(std::move(crumb));
  }
  return crumbs;
}

}  // namespace

Pages::Pages(const i18n::Texts& texts, std::function<std::string(std::string_view)> asset_path)
    : state_(std::make_unique<State>(texts, std::move(asset_path))) {
  for (const auto lang : i18n::languages)
    for (const auto& [name, source] : state_->sources)
      state_->parsed[std::string(lang)].emplace(name, Template(name, expand(state_->sources, name, texts, lang)));
}
Pages::~Pages() = default;

void Pages::add_navigation(NavigationItem item) {
  std::unique_lock lock(state_->navigation_mutex);
  auto& items = state_->navigation;
  const auto at = std::upper_bound(items.begin(), items.end(), item.order, [](int order, const NavigationItem& i) { return order < i.order; });
  items.insert(at, std::move(item));
}

void Pages::add_related(std::string place, NavigationItem item) {
  std::unique_lock lock(state_->navigation_mutex);
  state_->related[std::move(place)].push_back(std::move(item));
}

json::array Pages::rooms(const http::Request& request) const {
  std::shared_lock lock(state_->navigation_mutex);
  json::array out;
  for (const auto& item : state_->navigation) {
    if (!request.principal || !sees(item, *request.principal) || item.path == request.path) continue;
    const std::string about = item.key + "_about";
    out.push_back(json::object{{"label", state_->texts.text(request.lang, item.key)}, {"href", link(request, item.path)},
                               {"about", state_->texts.has(about) ? state_->texts.text(request.lang, about) : ""}});
  }
  return out;
}

json::array Pages::related(const http::Request& request, std::string_view place, std::string_view id) const {
  std::shared_lock lock(state_->navigation_mutex);
  json::array links;
  const auto items = state_->related.find(place);
  if (items == state_->related.end()) return links;
  for (const auto& item : items->second) {
    const bool shown = item.roles == for_residents ? request.resident.has_value() : request.principal && sees(item, *request.principal);
    if (!shown) continue;
    std::string path = item.path;
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, id);
    links.push_back(json::object{{"label", state_->texts.text(request.lang, item.key)}, {"href", link(request, path)}});
  }
  return links;
}

std::string Pages::render_part(const http::Request& request, std::string_view name, json::object context) const {
  put_request(request, context);
  return state_->get(request.lang, name).render(context);
}

namespace {

void put_navigation(const i18n::Texts& texts, const http::Request& request, const std::vector<NavigationItem>& items,
                    const std::string& active, json::object& outer) {
  json::array work, data;
  for (const auto& item : items) {
    if (!request.principal || !sees(item, *request.principal)) continue;
    json::object entry{{"label", texts.text(request.lang, item.key)}, {"href", link(request, item.path)}, {"active", item.key == active}, {"badge", ""}};
    const auto waiting = item.count ? item.count(request) : Result<std::int64_t>(std::int64_t{0});
    if (waiting && *waiting > 0) {
      entry["badge"] = *waiting > badge_max ? std::to_string(badge_max) + "+" : std::to_string(*waiting);
      entry["badge_about"] = texts.text(request.lang, item.key + "_count");
    }
    (item.order < data_order_min ? work : data).push_back(std::move(entry));
  }
  outer["has_data_navigation"] = !data.empty();
  outer["navigation"] = std::move(work);
  outer["data_navigation"] = std::move(data);
}

}  // namespace

std::string Pages::render(const http::Request& request, std::string_view name, json::object context, const PageFrame& frame) const {
  json::object outer;
  put_request(request, outer);
  const std::string_view other = request.lang == "vi" ? "en" : "vi";
  outer["title"] = frame.title;
  outer["has_errors"] = context.contains("errors");
  outer["other_lang"] = other;
  outer["other_lang_name"] = other == "vi" ? "Tiếng Việt" : "English";
  outer["other_lang_href"] = other_language_target(request, other);
  outer["app_css"] = state_->asset_path("app.css");
  outer["desk_css"] = state_->asset_path("desk.css");
  outer["print_css"] = state_->asset_path("print.css");
  outer["icon"] = state_->asset_path("icon.svg");
  outer["desk_js"] = state_->asset_path("desk.js");
  outer["wide"] = frame.wide;
  outer["crumbs"] = crumbs_of(request, frame);
  outer["has_crumbs"] = !frame.crumbs.empty();
  json::array scripts;
  for (const auto& script : frame.scripts) scripts.push_back(json::value(state_->asset_path(script)));
  outer["scripts"] = std::move(scripts);
  outer["scans"] = std::find(frame.scripts.begin(), frame.scripts.end(), "scan.js") != frame.scripts.end();   // brings its words along
  {
    std::shared_lock lock(state_->navigation_mutex);
    put_navigation(state_->texts, request, state_->navigation, frame.active, outer);
  }
  outer["content"] = render_part(request, name, std::move(context));
  return state_->get(request.lang, frame.layout == Layout::desk ? "layout/desk" : "layout/citizen").render(outer);
}

http::Response Pages::error_page(const http::Request& request, int status, const Failure& failure) const {
  const auto& texts = state_->texts;
  std::string key = "pages.error_" + std::to_string(status);
  if (!texts.has(key + "_title")) key = status < 500 ? "pages.error_400" : "pages.error_500";
  const std::string title = texts.text(request.lang, key + "_title");
  json::object context{{"title", title}, {"advice", texts.text(request.lang, key + "_advice")}};
  if (status < 500 && texts.has(failure.code)) context["sentence"] = texts.sentence(request.lang, failure);
  PageFrame frame{.title = title, .layout = request.principal ? Layout::desk : Layout::citizen};
  return http::Response::html(render(request, "layout/error", std::move(context), frame), status);
}

http::Response Pages::waiting_page(const http::Request& request, const http::LinePlace& place) const {
  const auto& texts = state_->texts;
  const auto minutes = (place.wait.count() + 59) / 60;
  const auto counted = [&](const char* key, std::int64_t n) { return texts.plural(request.lang, key, n); };
  json::object context{{"place", counted("pages.waiting_place", static_cast<std::int64_t>(place.place))},
                       {"wait", counted("pages.waiting_minutes", std::max<std::int64_t>(1, minutes))},
                       {"look_again", counted("pages.waiting_look_again", place.look_again.count())}};
  const PageFrame frame{.title = texts.text(request.lang, "pages.waiting_title"), .layout = Layout::citizen};
  return http::Response::html(render(request, "layout/waiting", std::move(context), frame), 503);
}

const i18n::Texts& Pages::texts() const { return state_->texts; }

std::vector<std::string> Pages::names() const {
  std::vector<std::string> names;
  for (const auto& [name, source] : state_->sources) names.push_back(name);
  return names;
}

std::vector<std::string> Pages::keys() const {
  std::set<std::string> keys;
  for (const auto& [name, source] : state_->sources) keys.merge(keys_in(source));
  return {keys.begin(), keys.end()};
}

}  // namespace motcua::pages
