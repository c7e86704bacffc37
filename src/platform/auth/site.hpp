#pragma once
// What the routes of this slice share. Open to this slice alone.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "platform/auth/auth.hpp"
#include "platform/pages/pages.hpp"

namespace motcua::auth {

struct Site {
  const Auth& auth;
  pages::Pages& pages;

  std::string text(const http::Request& request, std::string_view key) const;
  /// "Phường ..., Quận ...": the whole country for an empty area or "vn".
  std::string area_name(const http::Request& request, const std::string& area) const;
  std::string role_name(const http::Request& request, std::string_view role) const;
  std::string time_text(const http::Request& request, Instant at) const;
  /// The last day a role counts (roles end at the midnight after it), "no end" without one.
  std::string until_text(const http::Request& request, const std::optional<Instant>& until) const;
  /// The page again with what was wrong, under the failure's status.
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, std::string_view title_key,
                      pages::Layout layout = pages::Layout::desk, const Failure* failure = nullptr) const;
};

/// What stands beside a request for the log and the limits.
Origin origin_of(const http::Request& request);

void add_sign_in_routes(http::Router& router, Site site);
void add_own_routes(http::Router& router, Site site);
void add_account_routes(http::Router& router, Site site);
void add_approval_routes(http::Router& router, Site site);

}  // namespace motcua::auth
