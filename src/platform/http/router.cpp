#include "platform/http/router.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace motcua::http {
namespace {

constexpr std::size_t methods = 5;
constexpr std::size_t segments_max = 32;

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t at = 0;
  while (at < path.size()) {
    const auto end = std::min(path.find('/', at), path.size());
    if (end > at) segments.push_back(path.substr(at, end - at));
    else if (at != 0) segments.emplace_back();  // an empty segment in the middle is one: "/a//b" is not "/a/b"
    at = end + 1;
  }
  return segments;
}

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

/// Our own paths are small letters; those of others' protocols may have capitals.
bool is_literal(std::string_view segment, bool protocol) {
  return !segment.empty() && std::all_of(segment.begin(), segment.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (protocol && c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

bool Access::admits(const std::optional<Principal>& principal, const std::optional<Resident>& resident) const {
  if (kind_ == Kind::anyone) return true;
  if (kind_ == Kind::resident) return resident.has_value();
  if (!principal) return false;
  if (kind_ == Kind::signed_in) return true;
  return std::any_of(principal->grants.begin(), principal->grants.end(), [&](const RoleGrant& grant) {
    return std::find(roles_.begin(), roles_.end(), grant.role) != roles_.end();
  });
}

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::array<int, methods> route{-1, -1, -1, -1, -1};  // index in routes_ by method

  bool ends_here() const { return std::any_of(route.begin(), route.end(), [](int r) { return r >= 0; }); }

  /// A node where a route for `method` ends, else one where any route ends.
  void find(const std::vector<std::string_view>& segments, std::size_t at, std::size_t method, const Node*& exact, const Node*& any) const {
    if (exact) return;
    if (at == segments.size()) {
      if (route[method] >= 0) exact = this;
      else if (!any && ends_here()) any = this;
      return;
    }
    if (const auto next = literals.find(segments[at]); next != literals.end()) next->second->find(segments, at + 1, method, exact, any);
    if (parameter && !segments[at].empty()) parameter->find(segments, at + 1, method, exact, any);
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
  if (!route.path.starts_with('/')) throw std::logic_error("http: a route begins with a slash: " + route.path);
  if (!route.handler) throw std::logic_error("http: a route without a handler: " + route.path);
  Node* node = root_.get();
  for (const auto segment : segments_of(route.path)) {
    if (is_parameter(segment)) {
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    } else if (is_literal(segment, route.protocol)) {
      auto& next = node->literals[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    } else {
      throw std::logic_error("http: malformed segment in route " + route.path);
    }
  }
  int& place = node->route[static_cast<std::size_t>(route.method)];
  if (place >= 0) throw std::logic_error("http: two routes for " + route.path);
  place = static_cast<int>(routes_.size());
  if (route.protocol) protocols_.emplace(segments_of(route.path).at(0));
  routes_.push_back(std::move(route));
}

bool Router::is_interface(std::string_view path) const {
  if (path.starts_with("/api/")) return true;
  const auto segments = segments_of(path);
  return !segments.empty() && protocols_.contains(segments[0]);
}

Match Router::match(Method method, std::string_view path) const {
  const auto segments = segments_of(path);
  if (segments.size() > segments_max) return {};
  const Node *exact = nullptr, *any = nullptr;
  root_->find(segments, 0, static_cast<std::size_t>(method), exact, any);
  Match match;
  if (!exact) {
    if (any)
      for (std::size_t m = 0; m < methods; ++m)
        if (any->route[m] >= 0) match.allowed.push_back(static_cast<Method>(m));
    return match;
  }
  match.route = &routes_[static_cast<std::size_t>(exact->route[static_cast<std::size_t>(method)])];
  const auto pattern = segments_of(match.route->path);
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (is_parameter(pattern[i])) match.parameters.emplace(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
  return match;
}

}  // namespace motcua::http
