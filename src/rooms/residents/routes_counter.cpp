// The counter: staff receive somebody without an account, print their card, and note who may help them.
#include <boost/json.hpp>

#include "base/document_qr.hpp"
#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> counter_roles{"gate_staff", "clerk", "ward_health_worker"};

Result<Act> act_of(const Request& request, const char* action) { return auth::act_of(request, {"gate_staff", "clerk", "ward_health_worker"}, "declaring", action); }

Response desk_page(const Site& site, const Request& request, std::string_view name, json::object context, const Failure* failure) {
  if (failure) pages::put_errors(site.house->texts, request.lang, {*failure}, context);
  const int status = !failure ? 200 : failure->kind == FailureKind::conflict ? 409 : 422;
  const pages::PageFrame frame{.title = site.text(request, "residents.nav_counter"), .active = "residents.nav_counter", .scripts = {"scan.js"}};
  return Response::html(site.house->pages.render(request, name, std::move(context), frame), status);
}

Response counter_page(const Site& site, const Request& request, const Details& details, const Failure* failure) {
  json::object context = details_context(site, request, details);
  return desk_page(site, request, "residents/counter", std::move(context), failure);
}

std::string person_link(const Request& request, const std::string& handle) { return pages::link(request, "/counter/" + handle); }

/// A scan alone fills the form in, or opens the holder of our own card; a filled-in form receives the person.
Result<Response> receive(const Site& site, const Request& request) {
  const std::string scanned = request.form_value("scan");
  if (!scanned.empty()) {
    if (parse_card_code(scanned)) {
      TRY_ASSIGN(const auto act, act_of(request, "residents.view_card"));
      const auto person = site.residents->person_of_card(act, scanned);
      if (person) return Response::see_other(person_link(request, person->handle));
      const Failure gone = invalid("residents.no_such_card", "scan");
      return counter_page(site, request, {}, &gone);
    }
    const auto details = details_of_scan(scanned);
    if (!details) {
      const Failure unknown = invalid(details.failure().code, "scan");
      return counter_page(site, request, details_of(request), &unknown);
    }
    return counter_page(site, request, *details, nullptr);
  }
  TRY_ASSIGN(const auto act, act_of(request, "residents.receive"));
  const auto person = site.residents->receive(act, {details_of(request)});
  if (person) return Response::see_other(person_link(request, person->handle));
  return belongs_on_form(person.failure()) ? counter_page(site, request, details_of(request), &person.failure()) : Result<Response>(person.failure());
}

json::array cards_of(const Site& site, const Request& request, const std::vector<Card>& cards) {
  json::array rows;
  for (const auto& c : cards) {
    const char* state = c.ended_at ? "residents.card_state_ended" : c.locked ? "residents.card_state_locked" : "residents.card_state_holds";
    rows.push_back(json::object{{"issued", i18n::date_time(request.lang, c.issued_at)}, {"state", site.text(request, state)}, {"tone", c.ended_at ? "" : c.locked ? "warn" : "ok"},
                                {"revoke", c.ended_at ? "" : pages::link(request, request.path + "/cards/" + c.card + "/revoke")}});
  }
  return rows;
}

json::array helpers_of(const Site& site, const Request& request, const std::vector<Helper>& helpers) {
  json::array rows;
  for (const auto& h : helpers)
    rows.push_back(json::object{{"since", i18n::date_time(request.lang, h.since)}, {"manner", h.manner.empty() ? "" : site.text(request, "residents.manner_" + h.manner)},
                                {"end", pages::link(request, request.path + "/helpers/" + h.consent + "/end")}});
  return rows;
}

/// Name and year of birth: enough to see that it is the person who stands there.
Result<Response> person_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto act, act_of(request, "residents.view_received"));
  TRY_ASSIGN(const auto person, site.cards->get_present(act, request.param("received")));
  std::vector<Card> cards;
  std::vector<Helper> helpers;
  TRY(site.house->database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(cards, site.cards->list(reader, person));
    TRY_ASSIGN(helpers, site.cards->list_helpers(reader, person));
    return {};
  }));
  json::array manners;
  for (const char* manner : {"spoken", "written", "interpreter"})
    manners.push_back(json::object{{"value", manner}, {"label", site.text(request, std::string("residents.manner_") + manner)}, {"checked", request.form_value("manner") == manner}});
  const std::string here = pages::link(request, "/counter/" + person.handle);
  json::object context{{"name", person.details.reveal().full_name}, {"birth_year", person.details.reveal().birth.substr(0, 4)}, {"cards", cards_of(site, request, cards)}, {"has_cards", !cards.empty()},
                       {"helpers", helpers_of(site, request, helpers)}, {"has_helpers", !helpers.empty()}, {"manners", std::move(manners)}, {"phone", request.form_value("phone")},
                       {"print", here + "/cards"}, {"help", here + "/helpers"}, {"links", site.house->pages.related(request, "received", person.handle)}};
  return desk_page(site, request, "residents/received", std::move(context), failure);
}

Result<Response> print(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto act, act_of(request, "residents.issue_card"));
  TRY_ASSIGN(const auto card, site.cards->issue(act, request.param("received")));
  TRY_ASSIGN(auto file, print_card(site.house->texts, request.lang, card, request.form_value("paper") == "roll" ? Paper::roll : Paper::a4));
  Response response = Response::html(std::move(file));
  response.content_type = "application/pdf";
  response.headers.emplace_back("Content-Disposition", "inline; filename=\"card.pdf\"");
  response.memorable = false;
  return response;
}

Result<Response> let_help(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto act, act_of(request, "residents.let_help"));
  const auto done = site.cards->let_help(act, request.param("received"), request.form_value("phone"), request.form_value("manner"));
  if (done) return Response::see_other(person_link(request, request.param("received")));
  return belongs_on_form(done.failure()) ? person_page(site, request, &done.failure()) : Result<Response>(done.failure());
}

}  // namespace

Result<Details> details_of_scan(std::string_view scanned) {
  TRY_ASSIGN(const auto document, parse_document_qr(scanned));
  const auto sex_text = [](Sex sex) { return sex == Sex::female ? "female" : sex == Sex::male ? "male" : ""; };
  Details d;
  if (const auto* card = std::get_if<CitizenCardQr>(&document)) {
    d.full_name = card->full_name, d.birth = to_iso(card->birth), d.sex = sex_text(card->sex), d.id_number = card->id_number, d.address = card->address;
    return d;
  }
  if (const auto* card = std::get_if<InsuranceCardQr>(&document)) {
    d.full_name = card->full_name, d.birth = to_iso(card->birth), d.sex = sex_text(card->sex), d.insurance_number = card->card_number, d.address = card->address;
    return d;
  }
  return invalid("residents.scan_of_nobody");
}

void add_counter_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"residents.nav_counter", "/counter", counter_roles, 45});
  const auto staff = http::Access::roles(counter_roles, "declaring");
  using enum http::Method;
  const auto add = [&](http::Method method, const char* path, const char* summary, auto handler) {
    router.add({.method = method, .path = path, .access = staff, .handler = [site, handler](const Request& r) -> Result<Response> { return handler(site, r); }, .summary = summary});
  };
  add(get, "/counter", "The counter: somebody without an account", [](const Site& s, const Request& r) -> Result<Response> { return counter_page(s, r, {}, nullptr); });
  add(post, "/counter", "Receive somebody", receive);
  add(get, "/counter/{received}", "Somebody who was received", [](const Site& s, const Request& r) { return person_page(s, r, nullptr); });
  add(post, "/counter/{received}/cards", "Print a card; the cards before it end", print);
  add(post, "/counter/{received}/cards/{card}/revoke", "A card holds no more", [](const Site& s, const Request& r) -> Result<Response> {
    TRY_ASSIGN(const auto act, act_of(r, "residents.revoke_card"));
    TRY(s.cards->revoke(act, r.param("received"), r.param("card")));
    return Response::see_other(person_link(r, r.param("received")));
  });
  add(post, "/counter/{received}/helpers", "Somebody may speak for this person, who said so here", let_help);
  add(post, "/counter/{received}/helpers/{consent}/end", "Somebody speaks for this person no more", [](const Site& s, const Request& r) -> Result<Response> {
    TRY_ASSIGN(const auto act, act_of(r, "residents.end_help"));
    TRY(s.cards->end_help(act, r.param("received"), r.param("consent")));
    return Response::see_other(person_link(r, r.param("received")));
  });
}

}  // namespace motcua::residents
