#include "platform/auth/site.hpp"

#include "platform/http/failure.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::auth {

std::string Site::text(const http::Request& request, std::string_view key) const { return pages.texts().text(request.lang, key); }

std::string Site::area_name(const http::Request& request, const std::string& area) const {
  if (area.empty() || area == "vn") return text(request, "auth.whole_country");
  return auth.units().full_name(area, vietnam_date(auth.now()));
}

std::string Site::role_name(const http::Request& request, std::string_view role) const {
  return text(request, "auth.role_" + std::string(role));
}

std::string Site::time_text(const http::Request& request, Instant at) const { return i18n::date_time(request.lang, at); }

std::string Site::until_text(const http::Request& request, const std::optional<Instant>& until) const {
  return until ? i18n::date_short(request.lang, vietnam_date(*until - std::chrono::milliseconds{1})) : text(request, "auth.no_end");
}

http::Response Site::page(const http::Request& request, std::string_view name, boost::json::object context, std::string_view title_key,
                          pages::Layout layout, const Failure* failure) const {
  int status = 200;
  if (failure != nullptr) {
    status = http::status_of(*failure);
    pages::put_errors(pages.texts(), request.lang, {*failure}, context);
  }
  return http::Response::html(pages.render(request, name, std::move(context), {.title = text(request, title_key), .layout = layout}), status);
}

Origin origin_of(const http::Request& request) { return {request.remote_address, request.id}; }

void Auth::add_routes(http::Router& router, pages::Pages& pages) const {
  const Site site{*this, pages};
  add_sign_in_routes(router, site);
  add_own_routes(router, site);
  add_account_routes(router, site);
  add_approval_routes(router, site);
  pages.add_navigation({"auth.nav_accounts", "/admin/accounts", {"administrator"}, 600});
  std::vector<std::string> deciders;
  for (const ApprovalKind& kind : approval_kinds()) {
    deciders.insert(deciders.end(), kind.deciders.begin(), kind.deciders.end());
    deciders.insert(deciders.end(), kind.askers.begin(), kind.askers.end());
  }
  pages.add_navigation({"auth.nav_approvals", "/approvals", std::move(deciders), 400});
}

}  // namespace motcua::auth
