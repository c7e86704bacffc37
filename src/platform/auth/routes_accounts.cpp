// The administrator's pages: accounts, their roles, resets.
#include <boost/json.hpp>

#include "platform/audit/audit.hpp"
#include "platform/auth/site.hpp"

namespace motcua::auth {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int page_accounts = 50;

Result<Act> act_for(const Request& request, std::string action) { return act_of(request, {"administrator"}, "administration", std::move(action)); }

/// An administrator of a district manages those whose every role lies in it; nobody finds out about others.
Result<std::vector<Grant>> managed_grants(const Site& site, const Request& request, const std::string& account) {
  TRY_ASSIGN(auto grants, site.auth.accounts().grants(account));
  for (const Grant& g : grants)
    if (!may(*request.principal, {"administrator"}, g.area == "vn" ? "" : g.area, site.auth.units())) return not_found("auth.account_not_found");
  return grants;
}

Result<void> record_look(const Site& site, const Request& request, std::string action, const std::vector<Account>& seen) {
  TRY_ASSIGN(const Act act, act_for(request, std::move(action)));
  std::vector<AuditNote> notes;
  for (const Account& a : seen) notes.push_back({.action = {}, .object = a.id, .read = true});
  return audit::record_read(site.auth.database(), act, std::move(notes));
}

json::object row_of(const Site& site, const Request& request, const Account& a) {
  return {{"id", a.id},
          {"login", a.login.reveal()},
          {"name", a.display_name.reveal()},
          {"active", a.active},
          {"has_totp", a.has_totp},
          {"last_sign_in", a.signed_in_at ? site.time_text(request, *a.signed_in_at) : ""}};
}

Result<Response> list_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(auto accounts, site.auth.accounts().list(request.query_value("after"), page_accounts + 1));
  const bool more = accounts.size() > page_accounts;
  if (more) accounts.resize(page_accounts);
  std::vector<Account> shown;
  json::array rows;
  for (const Account& a : accounts) {
    if (!managed_grants(site, request, a.id)) continue;
    rows.push_back(row_of(site, request, a));
    shown.push_back(a);
  }
  TRY(record_look(site, request, "auth.list_accounts", shown));
  json::object context{{"accounts", std::move(rows)}, {"new_login", request.form_value("login")}, {"new_name", request.form_value("display_name")}};
  // The next page is asked for by the last id, which names nobody, not by a login in the address.
  if (more) context["next"] = pages::link(request, "/admin/accounts?after=" + accounts.back().id);
  return site.page(request, "auth/accounts", std::move(context), "auth.accounts_title", pages::Layout::desk, failure);
}

Response issued_page(const Site& site, const Request& request, const Issued& issued) {
  json::object context{{"account_id", issued.account}, {"password", issued.password.reveal()}};
  return site.page(request, "auth/issued", std::move(context), "auth.issued_title");
}

Result<Response> post_create(const Site& site, const Request& request) {
  TRY_ASSIGN(const Act act, act_for(request, "auth.create_account"));
  auto issued = site.auth.accounts().create(act, {.login = request.form_value("login"), .display_name = request.form_value("display_name")});
  if (issued) return issued_page(site, request, *issued);
  if (issued.failure().kind != FailureKind::invalid && issued.failure().kind != FailureKind::conflict) return issued.failure();
  return list_page(site, request, &issued.failure());
}

Result<Response> account_page(const Site& site, const Request& request, const Failure* failure) {
  const std::string id = request.param("account_id");
  TRY_ASSIGN(const auto account, site.auth.accounts().find(id));
  if (!account) return not_found("auth.account_not_found");
  TRY_ASSIGN(const auto grants, managed_grants(site, request, id));
  TRY(record_look(site, request, "auth.view_account", {*account}));
  json::object context = row_of(site, request, *account);
  json::array rows, roles;
  for (const Grant& g : grants)
    rows.push_back(json::object{{"id", g.id}, {"role", site.role_name(request, g.role)}, {"area", site.area_name(request, g.area)},
                                {"until", site.until_text(request, g.until)}});
  for (const Role& role : all_roles())
    roles.push_back(json::object{{"value", role.name}, {"label", site.role_name(request, role.name)}, {"selected", request.form_value("role") == role.name}});
  context["account_id"] = id;
  context["own"] = id == request.principal->account;
  context["some_grants"] = !rows.empty();
  context["grants"] = std::move(rows);
  context["roles"] = std::move(roles);
  context["new_area"] = request.form_value("area");
  context["new_until"] = request.form_value("until");
  return site.page(request, "auth/account", std::move(context), "auth.account_title", pages::Layout::desk, failure);
}

Result<std::optional<Instant>> parse_until(const std::string& text) {
  if (text.empty()) return std::optional<Instant>{};
  auto date = parse_date(text);
  if (!date || !date->full()) return invalid("auth.bad_until", "until");
  const Date day{std::chrono::year{date->year}, std::chrono::month{static_cast<unsigned>(date->month)}, std::chrono::day{static_cast<unsigned>(date->day)}};
  return std::optional(vietnam_midnight(day) + std::chrono::days{1});  // the last day counts whole
}

Result<void> do_grant(const Site& site, const Request& request) {
  TRY_ASSIGN(const Act act, act_for(request, "auth.grant"));
  TRY_ASSIGN(const auto until, parse_until(request.form_value("until")));
  const std::string area = request.form_value("area");
  if (!may(*request.principal, {"administrator"}, area == "vn" ? "" : area, site.auth.units())) return Failure{FailureKind::invalid, "auth.area_not_yours", "area"};
  TRY(site.auth.accounts().grant(act, request.param("account_id"), {request.form_value("role"), area, until}));
  return {};
}

Result<void> do_state(const Site& site, const Request& request) {
  const bool active = request.form_value("active") == "1";
  TRY_ASSIGN(const Act act, act_for(request, active ? "auth.enable_account" : "auth.disable_account"));
  return site.auth.accounts().set_active(act, request.param("account_id"), active);
}

Result<void> do_revoke(const Site& site, const Request& request) {
  TRY_ASSIGN(const Act act, act_for(request, "auth.revoke"));
  return site.auth.accounts().revoke(act, request.param("account_id"), request.param("grant_id"));
}

/// Does it for an account she manages and comes back to its page, with what was wrong if something was.
http::Handler on_account(Site site, Result<void> (*change)(const Site&, const Request&)) {
  return [site, change](const Request& request) -> Result<Response> {
    TRY(managed_grants(site, request, request.param("account_id")));
    const auto done = change(site, request);
    if (done) return Response::see_other(pages::link(request, "/admin/accounts/" + request.param("account_id")));
    const auto kind = done.failure().kind;
    if (kind != FailureKind::invalid && kind != FailureKind::conflict && kind != FailureKind::forbidden) return done.failure();
    return account_page(site, request, &done.failure());
  };
}

Result<Response> post_reset(const Site& site, const Request& request) {
  TRY(managed_grants(site, request, request.param("account_id")));
  TRY_ASSIGN(const Act act, act_for(request, "auth.reset_account"));
  TRY_ASSIGN(const Issued issued, site.auth.accounts().reset(act, request.param("account_id")));
  return issued_page(site, request, issued);
}

}  // namespace

void add_account_routes(http::Router& router, Site site) {
  const auto access = http::Access::roles({"administrator"}, "administration");
  const auto get = http::Method::get, post = http::Method::post;
  const auto add = [&](http::Method method, const char* path, http::Handler handler, const char* summary) {
    router.add({.method = method, .path = path, .access = access, .handler = std::move(handler), .summary = summary});
  };
  add(get, "/admin/accounts", [site](const Request& r) { return list_page(site, r, nullptr); }, "Accounts");
  add(post, "/admin/accounts", [site](const Request& r) { return post_create(site, r); }, "Make an account");
  add(get, "/admin/accounts/{account_id}", [site](const Request& r) { return account_page(site, r, nullptr); }, "An account");
  add(post, "/admin/accounts/{account_id}/grants", on_account(site, do_grant), "Give a role");
  add(post, "/admin/accounts/{account_id}/grants/{grant_id}/revoke", on_account(site, do_revoke), "Take a role away");
  add(post, "/admin/accounts/{account_id}/state", on_account(site, do_state), "Disable or enable an account");
  add(post, "/admin/accounts/{account_id}/reset", [site](const Request& r) { return post_reset(site, r); }, "A new one-time password");
}

}  // namespace motcua::auth
