// Coming in by an OpenID provider. What the browser must bring back lies sealed in its own cookie: nothing is stored for whoever only clicks.
#include <boost/json.hpp>

#include "base/base64.hpp"
#include "base/phone.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/config/config.hpp"
#include "platform/http/target.hpp"
#include "platform/log/log.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr std::string_view openid_cookie = "motcua-openid", seal_context = "residents-openid";
constexpr std::chrono::minutes journey_max{10};   // at the provider: a password, perhaps a second factor
constexpr const char* back_path = "/openid/back";

/// The address that is registered with the provider; it refuses any other.
std::string redirect_uri(const Request& request) { return (request.secure ? "https://" : "http://") + request.header("host") + back_path; }

struct Journey {
  openid::Started started;
  std::string lang, next;
};

Result<std::string> sealed(const Site& site, const Journey& j) {
  const std::string text = json::serialize(json::object{{"state", j.started.state}, {"nonce", j.started.nonce}, {"verifier", j.started.verifier}, {"lang", j.lang}, {"next", j.next},
                                                        {"at", to_millis(site.house->now())}});
  TRY_ASSIGN(const auto bytes, site.house->keys.seal(seal_context, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  return to_base64(bytes, Base64::url);
}

/// Nothing: no journey of this browser's, or one that took too long.
std::optional<Journey> opened(const Site& site, const Request& request) {
  const auto bytes = from_base64(auth::find_cookie(request, openid_cookie), Base64::url);
  if (!bytes || bytes->empty()) return std::nullopt;
  const auto plain = site.house->keys.open(seal_context, *bytes);
  if (!plain) return std::nullopt;
  const auto value = json::parse({reinterpret_cast<const char*>(plain->data()), plain->size()});   // our own words
  const auto text = [&](const char* name) { return std::string(value.at(name).as_string()); };
  if (site.house->now() - from_millis(value.at("at").as_int64()) > journey_max) return std::nullopt;
  return Journey{{{}, text("state"), text("nonce"), text("verifier")}, text("lang"), text("next")};
}

/// Back to the page of sign-in, which says that it did not work and has the other ways.
Response refused_to(const std::string& lang) { return Response::see_other("/" + lang + "/me/sign-in?openid=refused"); }
Response refused(const std::string& lang, const Failure& failure) {
  log::failure(log::Level::info, "residents.openid_refused", failure);
  return refused_to(lang);
}

Result<Response> begin(const Site& site, const Request& request) {
  if (!site.openid) return refused_to(request.lang);
  const auto begun = site.openid->start(redirect_uri(request));
  if (!begun) return refused(request.lang, begun.failure());
  const auto& started = *begun;
  const std::string next = request.query_value("next");
  TRY_ASSIGN(auto cookie, sealed(site, {started, request.lang, next.empty() ? "" : safe_next(request, next)}));
  Response response = Response::see_other(started.url);
  auth::put_cookie(request, response, openid_cookie, std::move(cookie), std::chrono::duration_cast<std::chrono::seconds>(journey_max));
  return response;
}

/// The provider's word for a phone counts like a code to it only where the installation says so.
std::string proved_phone(const Site& site, const openid::SignedIn& who) {
  if (!site.house->settings.boolean("residents.oidc_proves") || !who.phone_verified) return {};
  const auto phone = parse_phone(who.phone);
  return phone ? phone->number : std::string();
}

Result<Entered> enter(const Site& site, const Request& request, const Journey& journey) {
  TRY_ASSIGN(const auto who, site.openid->finish(journey.started, redirect_uri(request), request.query_value("code")));
  const std::string subject = site.house->settings.text("residents.oidc_issuer") + '\n' + who.subject, phone = proved_phone(site, who);
  return site.accounts->open_session(origin_of(request), Accounts::SessionKind::device, "residents.enter_by_openid",
                                     [&](storage::Transaction& tx) { return site.accounts->account_of_openid(tx, subject, phone); });
}

Result<Response> back(const Site& site, const Request& request) {
  if (!site.openid) return refused_to("vi");
  const auto journey = opened(site, request);
  const std::string lang = journey ? journey->lang : "vi";
  const bool ours = journey && crypto::equal_constant_time(request.query_value("state"), journey->started.state) && !request.query_value("code").empty();
  const auto entered = ours ? enter(site, request, *journey) : Result<Entered>(Failure{FailureKind::unauthenticated, "openid.code_not_accepted"});
  Response response = entered ? Response::see_other(entered_path(request, lang, *entered, journey->next)) : refused(lang, entered.failure());
  if (entered) put_session(request, response, *entered);
  auth::put_cookie(request, response, openid_cookie, "", std::chrono::seconds{0});
  return response;
}

}  // namespace

void add_openid_routes(http::Router& router, const Site& site) {
  const auto anyone = http::Access::anyone();
  router.add({.path = "/me/sign-in/openid", .access = anyone, .handler = [site](const Request& r) { return begin(site, r); }, .summary = "Come in by another account service"});
  router.add({.path = back_path, .access = anyone, .handler = [site](const Request& r) { return back(site, r); }, .summary = "Where an OpenID provider sends the browser back",
              .parameters = {{"code", "query", "authorization code"}, {"state", "query", "as it was sent"}}, .protocol = true});
}

}  // namespace motcua::residents
