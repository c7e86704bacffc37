// One's own account: sessions, password.
#include <boost/json.hpp>

#include "platform/auth/site.hpp"

namespace motcua::auth {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Result<Response> own_page(const Site& site, const Request& request, const Failure* failure) {
  const http::Principal& me = *request.principal;
  json::array sessions, grants;
  TRY_ASSIGN(const auto open, site.auth.sessions().list(me.account));
  for (const Session& s : open)
    sessions.push_back(json::object{{"id", s.id}, {"since", site.time_text(request, s.created_at)}, {"seen", site.time_text(request, s.last_seen_at)},
                                    {"current", s.id == me.session}});
  for (const http::RoleGrant& g : me.grants)
    grants.push_back(json::object{{"role", site.role_name(request, g.role)}, {"area", site.area_name(request, g.area)},
                                  {"until", site.until_text(request, g.until)}});
  json::object context{{"sessions", std::move(sessions)}, {"several", open.size() > 1}, {"some_grants", !grants.empty()}, {"grants", grants},
                       {"done", !request.query_value("done").empty()}, {"letters_min", std::to_string(password_letters_min)}};
  return site.page(request, "auth/own", std::move(context), "auth.own_title", pages::Layout::desk, failure);
}

Result<Response> post_password(const Site& site, const Request& request) {
  const auto changed = site.auth.sign_in().change_password(*request.principal, Personal<std::string>(request.form_value("current_password")),
                                                           Personal<std::string>(request.form_value("password")), origin_of(request));
  if (changed) return Response::see_other(pages::link(request, "/account?done=1"));
  const auto kind = changed.failure().kind;
  if (kind != FailureKind::invalid && kind != FailureKind::rate_limited) return changed.failure();
  return own_page(site, request, &changed.failure());
}

}  // namespace

void add_own_routes(http::Router& router, Site site) {
  const auto signed_in = http::Access::signed_in();
  const auto back = [](const Request& request) { return Response::see_other(pages::link(request, "/account")); };
  router.add({.path = "/account", .access = signed_in, .handler = [site](const Request& r) { return own_page(site, r, nullptr); },
              .summary = "One's own account"});
  router.add({.method = http::Method::post, .path = "/account/password", .access = signed_in,
              .handler = [site](const Request& r) { return post_password(site, r); }, .summary = "Change one's password"});
  router.add({.method = http::Method::post, .path = "/account/sessions/{session_id}/end", .access = signed_in,
              .handler = [site, back](const Request& r) -> Result<Response> {
                TRY(site.auth.sessions().end_own(*r.principal, r.param("session_id"), r.id));
                return back(r);
              }, .summary = "End one of one's sessions"});
  router.add({.method = http::Method::post, .path = "/account/sessions/end-others", .access = signed_in,
              .handler = [site, back](const Request& r) -> Result<Response> {
                TRY(site.auth.sessions().end_others(*r.principal, r.id));
                return back(r);
              }, .summary = "End all other sessions"});
}

}  // namespace motcua::auth
