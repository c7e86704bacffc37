// Coming in and going out: phone, code, devices.
#include "rooms/residents/routes.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/document_qr.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/config/config.hpp"
#include "platform/http/target.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

std::string next_query(const std::string& next) { return next.empty() ? "" : "?next=" + http::percent_encode(next); }

Response phone_page(const Site& site, const Request& request, const Failure* failure) {
  Response cookie;
  json::object context{{"csrf", auth::set_form_token(request, cookie)}, {"next", next_of(request)}, {"next_query", next_query(next_of(request))}, {"phone", request.form_value("phone")}, {"again", !request.query_value("again").empty()},
                       {"openid", site.openid != nullptr}, {"openid_refused", !request.query_value("openid").empty()}, {"openid_label", site.house->settings.text(request.lang == "vi" ? "residents.oidc_label_vi" : "residents.oidc_label_en")}};
  Response response = site.page(request, "residents/phone", std::move(context), "residents.sign_in_title", listed(failure), {"scan.js"});
  for (auto& header : cookie.headers) response.headers.push_back(std::move(header));
  return response;
}

Result<Response> send_code(const Site& site, const Request& request) {
  if (!auth::form_token_fits(request)) {
    const Failure stale = invalid("residents.form_stale");
    return phone_page(site, request, &stale);
  }
  const auto arrived = arrive(site, origin_of(request), request.form_value("phone"), request.form_value("card"));
  if (!arrived) return belongs_on_form(arrived.failure()) ? phone_page(site, request, &arrived.failure()) : Result<Response>(arrived.failure());
  Response response = Response::see_other(pages::link(request, "/me/sign-in/code") + next_query(request.form_value("next")));
  auth::put_cookie(request, response, arrival_cookie, arrived->token.reveal());
  return response;
}

Response begin_again(const Request& request) {
  Response response = Response::see_other(pages::link(request, "/me/sign-in?again=1"));
  auth::put_cookie(request, response, arrival_cookie, "", std::chrono::seconds{0});
  return response;
}

Result<Response> code_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const std::string csrf, site.residents->arrival_csrf(auth::find_cookie(request, arrival_cookie)));
  if (csrf.empty()) return begin_again(request);
  return site.page(request, "residents/code", {{"csrf", csrf}, {"next", next_of(request)}, {"trusted", request.form_value("trusted") == "yes"}}, "residents.code_title", listed(failure));
}

Result<Response> enter(const Site& site, const Request& request) {
  const std::string token = auth::find_cookie(request, arrival_cookie);
  TRY_ASSIGN(const std::string csrf, site.residents->arrival_csrf(token));
  if (csrf.empty()) return begin_again(request);
  if (!crypto::equal_constant_time(csrf, request.form_value("csrf"))) return Failure{FailureKind::forbidden, "auth.form_not_ours"};
  const auto entered = site.residents->enter(origin_of(request), token, request.form_value("code"), request.form_value("trusted") == "yes");
  if (!entered) {
    if (entered.failure().kind == FailureKind::unauthenticated) return begin_again(request);
    return belongs_on_form(entered.failure()) ? code_page(site, request, &entered.failure()) : Result<Response>(entered.failure());
  }
  Response response = Response::see_other(entered_path(request, request.lang, *entered, request.form_value("next")));
  put_session(request, response, *entered);
  auth::put_cookie(request, response, arrival_cookie, "", std::chrono::seconds{0});
  return response;
}

Result<Response> leave(const Site& site, const Request& request) {
  TRY(site.residents->leave(*request.resident, request.id));
  Response response = Response::see_other(pages::link(request, "/"));
  auth::put_cookie(request, response, session_cookie, "", std::chrono::seconds{0});
  return response;
}

Result<Response> devices_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto devices, site.residents->list_devices(*request.resident));
  json::array rows;
  for (const auto& d : devices)
    rows.push_back(json::object{{"device", d.device.empty() ? site.text(request, "residents.device_unnamed") : d.device}, {"this_one", d.this_one}, {"trusted", d.trusted},
                                {"seen", i18n::date_time(request.lang, d.last_seen_at)}, {"action", pages::link(request, "/me/devices/" + d.session_id + "/end")}});
  return site.page(request, "residents/devices", {{"rows", std::move(rows)}}, "residents.devices_title");
}

}  // namespace

std::string safe_next(const Request& request, const std::string& next) {
  constexpr std::size_t next_bytes_max = 1000;
  const bool local = next.size() > 1 && next.size() <= next_bytes_max && next[0] == '/' && next[1] != '/';
  const bool plain = std::none_of(next.begin(), next.end(), [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x21; });
  return local && plain ? next : pages::link(request, "/me");
}
std::string entered_path(const Request& request, const std::string& lang, const Entered& entered, const std::string& next) {
  if (!entered.knows_person) return "/" + lang + "/me/who" + next_query(next);
  return next.empty() ? "/" + lang + "/me" : safe_next(request, next);
}
std::string next_of(const Request& request) { return request.method == http::Method::get ? request.query_value("next") : request.form_value("next"); }

http::Response Site::page(const Request& request, std::string_view name, json::object context, std::string_view title_key, const std::vector<Failure>& failures, std::vector<std::string> scripts) const {
  if (!failures.empty()) pages::put_errors(house->texts, request.lang, failures, context);
  const auto status_of = [](FailureKind kind) { return kind == FailureKind::conflict ? 409 : kind == FailureKind::rate_limited ? 429 : 422; };
  const int status = failures.empty() ? 200 : status_of(failures.front().kind);
  return Response::html(house->pages.render(request, name, std::move(context), {.title = text(request, title_key), .layout = pages::Layout::citizen, .scripts = std::move(scripts)}), status);
}

bool belongs_on_form(const Failure& failure) {
  return failure.kind == FailureKind::invalid || failure.kind == FailureKind::conflict || failure.kind == FailureKind::rate_limited;
}

void add_sign_in_routes(http::Router& router, const Site& site) {
  const auto anyone = http::Access::anyone();
  using enum http::Method;
  router.add({.path = "/me/sign-in", .access = anyone, .handler = [site](const Request& r) -> Result<Response> {
                if (r.resident) return Response::see_other(safe_next(r, r.query_value("next")));
                return phone_page(site, r, nullptr);
              }, .summary = "A resident signs in: the phone"});
  router.add({.method = post, .path = "/me/sign-in", .access = anyone, .handler = [site](const Request& r) { return send_code(site, r); }, .summary = "Send a code to the phone"});
  router.add({.path = "/me/sign-in/code", .access = anyone, .handler = [site](const Request& r) { return code_page(site, r, nullptr); }, .summary = "A resident signs in: the code"});
  router.add({.method = post, .path = "/me/sign-in/code", .access = anyone, .handler = [site](const Request& r) { return enter(site, r); }, .summary = "Sign in with the code"});
  const auto resident = http::Access::resident();
  router.add({.method = post, .path = "/me/sign-out", .access = resident, .handler = [site](const Request& r) { return leave(site, r); }, .summary = "Sign out"});
  router.add({.path = "/me/devices", .access = resident, .handler = [site](const Request& r) { return devices_page(site, r); }, .summary = "Where one is signed in"});
  router.add({.method = post, .path = "/me/devices/{session_id}/end", .access = resident, .handler = [site](const Request& r) -> Result<Response> {
                TRY(site.residents->end_device(*r.resident, r.param("session_id"), r.id));
                return Response::see_other(pages::link(r, "/me/devices"));
              }, .summary = "Sign a device out"});
}

Result<Arrived> arrive(const Site& site, const Origin& origin, const std::string& phone, const std::string& card) {
  if (!phone.empty() || card.empty()) return site.residents->arrive(origin, phone);
  const auto document = parse_document_qr(card);
  const auto* citizen = document ? std::get_if<CitizenCardQr>(&*document) : nullptr;
  if (!citizen) return invalid("residents.not_a_citizen_card", "card");
  TRY_ASSIGN(const std::string known, site.people->phone_of_card(*citizen));
  return site.accounts->arrive_by_card(origin, citizen->id_number, known);
}

void put_session(const Request& request, Response& response, const Entered& entered) {
  const auto age = entered.cookie_age.count() > 0 ? std::optional(entered.cookie_age) : std::nullopt;
  auth::put_cookie(request, response, session_cookie, entered.token.reveal(), age);
}

void add_routes(http::Router& router, const Site& site) {
  add_sign_in_routes(router, site);
  add_people_routes(router, site);
  add_card_routes(router, site);
  add_openid_routes(router, site);
  add_counter_routes(router, site);
  add_api_routes(router, site);
}

}  // namespace motcua::residents
