// What a person says at the counter about the use of her phone's contact history.
#include <boost/json.hpp>

#include "base/phone.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

Result<Response> consent_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto consent, site.tracing->get_consent(asker_for(request, "tracing.view_consent"), request.param("person_id")));
  json::array rows;
  for (const auto& phone : consent.phones) {
    const std::string& reference = phone.reference.reveal();
    rows.push_back(json::object{{"reference", reference}, {"phone", to_display_phone(reference.substr(reference.find(':') + 1))}, {"given", phone.given},
                                {"state", site.text(request, phone.given ? "tracing.consent_given" : "tracing.consent_withdrawn")},
                                {"tone", phone.given ? "ok" : "warn"}, {"used", phone.used},
                                {"since", phone.since ? site.when(request, *phone.since) : site.text(request, "tracing.consent_by_upload")}});
  }
  const std::string name = consent.full_name.reveal(), title = site.text(request, "tracing.consent_title");
  json::object context{{"name", name}, {"any", !rows.empty()}, {"rows", std::move(rows)}, {"person_href", person_link(request, consent.person_id)},
                       {"action", pages::link(request, request.path)}};
  return site.page(request, "tracing/consent", std::move(context), {.title = title, .active = "tracing.nav_cases"}, failure);
}

Result<Response> say_consent(const Site& site, const Request& request) {
  const std::string given = request.form_value("given"), person = request.param("person_id");
  if (given != "yes" && given != "no") return invalid("tracing.consent_unsaid", "given");
  const auto done = site.tracing->set_consent(asker_for(request, given == "yes" ? "tracing.give_consent" : "tracing.withdraw_consent"), person,
                                              request.form_value("phone"), given == "yes");
  if (done) return Response::see_other(pages::link(request, "/people/" + person + "/proximity-consent"));
  if (!belongs_on_form(done.failure())) return done.failure();
  return consent_page(site, request, &done.failure());
}

}  // namespace

void add_consent_routes(http::Router& router, const Site& site) {
  site.house->pages.add_related("person", {"tracing.related_consent", "/people/{id}/proximity-consent", for_all().allowed(), 30});
  router.add({.path = "/people/{person_id}/proximity-consent", .access = for_all(), .handler = [site](const Request& r) { return consent_page(site, r, nullptr); },
              .summary = "What a person said about the use of her phone's contact history"});
  router.add({.method = http::Method::post, .path = "/people/{person_id}/proximity-consent", .access = for_all(),
              .handler = [site](const Request& r) { return say_consent(site, r); }, .summary = "Withdraw consent to its use, or give it again"});
}

}  // namespace motcua::tracing
