// Who holds a printed card comes in by it and its PIN; who has an account takes the card's person into it.
#include <boost/json.hpp>

#include "platform/auth/cookies.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Response card_page(const Site& site, const Request& request, const Failure* failure) {
  Response cookie;
  const char* title = request.path == "/card" ? "residents.card_enter_title" : "residents.card_claim_title";
  json::object context{{"title", site.text(request, title)}, {"claims", request.resident && request.path == "/me/card"}, {"action", pages::link(request, request.path)}, {"card", request.form_value("card")}};
  if (request.path == "/card") context["csrf"] = auth::set_form_token(request, cookie);
  Response response = site.page(request, "residents/card", std::move(context), title, listed(failure), {"scan.js"});
  for (auto& header : cookie.headers) response.headers.push_back(std::move(header));
  return response;
}

Result<Response> enter(const Site& site, const Request& request) {
  if (!auth::form_token_fits(request)) {
    const Failure stale = invalid("residents.form_stale");
    return card_page(site, request, &stale);
  }
  const auto entered = site.cards->enter(origin_of(request), request.form_value("card"), request.form_value("pin"));
  if (!entered) return belongs_on_form(entered.failure()) ? card_page(site, request, &entered.failure()) : Result<Response>(entered.failure());
  if (request.resident) TRY(site.residents->leave(*request.resident, request.id));   // whoever stood at this tablet before
  Response response = Response::see_other(pages::link(request, "/me"));
  put_session(request, response, *entered);
  return response;
}

Result<Response> claim(const Site& site, const Request& request) {
  const auto claimed = site.cards->claim(origin_of(request), *request.resident, request.form_value("card"), request.form_value("pin"));
  if (claimed) return Response::see_other(pages::link(request, "/me"));
  return belongs_on_form(claimed.failure()) ? card_page(site, request, &claimed.failure()) : Result<Response>(claimed.failure());
}

}  // namespace

void add_card_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  const auto anyone = http::Access::anyone(), resident = http::Access::resident();
  router.add({.path = "/card", .access = anyone, .handler = [site](const Request& r) -> Result<Response> { return card_page(site, r, nullptr); }, .summary = "Come in by a printed card"});
  router.add({.method = post, .path = "/card", .access = anyone, .handler = [site](const Request& r) { return enter(site, r); }, .summary = "Sign in with a printed card and its PIN"});
  router.add({.path = "/me/card", .access = resident, .handler = [site](const Request& r) -> Result<Response> { return card_page(site, r, nullptr); }, .summary = "A card of one's own"});
  router.add({.method = post, .path = "/me/card", .access = resident, .handler = [site](const Request& r) { return claim(site, r); }, .summary = "Take the person of a printed card into one's account"});
}

}  // namespace motcua::residents
