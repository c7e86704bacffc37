#include "rooms/tracing/routes.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "platform/i18n/format.hpp"
#include "platform/units/units.hpp"
#include "rooms/tracing/present.hpp"

namespace motcua::tracing {
namespace {

const std::vector<std::string> tracer_roles = {"tracer", "tracing_supervisor"};
const std::vector<std::string> all_roles = {"tracer", "tracing_supervisor", "ward_health_worker"};

}  // namespace

http::Access for_all() { return http::Access::roles(all_roles, "contact-tracing"); }
http::Access for_tracers() { return http::Access::roles(tracer_roles, "contact-tracing"); }

std::string person_link(const http::Request& request, const std::string& person_id) {
  return for_tracers().admits(request.principal) ? pages::link(request, "/people/" + person_id) : "";
}

Asker asker_for(const http::Request& request, std::string action) {
  const auto& grants = request.principal->grants;
  const bool traces = std::any_of(grants.begin(), grants.end(), [](const http::RoleGrant& grant) {
    return std::find(tracer_roles.begin(), tracer_roles.end(), grant.role) != tracer_roles.end();
  });
  return asker_of(request, std::move(action), traces ? "contact-tracing" : "contact-follow-up");
}

Asker giver_for(const http::Request& request, std::string action) { return tracer_of(request, std::move(action)); }

bool belongs_on_form(const Failure& failure) { return failure.kind == FailureKind::invalid || failure.kind == FailureKind::conflict; }

int page_of(const http::Request& request) {
  constexpr int page_number_max = 100'000;
  return std::clamp(std::atoi(request.query_value("page").c_str()), 1, page_number_max);
}

std::string filter_value(const http::Request& request, const std::string& name) {
  return request.method == http::Method::post ? request.form_value(name) : request.query_value(name);
}

std::string yes(bool condition, std::string text) { return condition ? std::move(text) : std::string(); }

std::string Site::say(const http::Request& request, const Sentence& sentence) const {
  return say_sentence([&](const std::string& key, const std::map<std::string, std::string>& values) { return text(request, key, values); }, sentence);
}

std::string Site::ward(const http::Request& request, const std::string& code) const {
  if (code.empty()) return text(request, "tracing.ward_unknown");
  const auto unit = house->units.find(code, vietnam_date(house->now()));
  return unit ? unit->name : code;
}

std::string Site::full_ward(const std::string& code) const {
  return code.empty() ? std::string() : house->units.full_name(code, vietnam_date(house->now()));
}

std::string Site::when(const http::Request& request, Instant at) const { return i18n::date_time(request.lang, at); }

http::Response Site::page(const http::Request& request, std::string_view name, boost::json::object context, pages::PageFrame frame,
                          const Failure* failure) const {
  if (failure) pages::put_errors(house->texts, request.lang, {*failure}, context);
  const int status = !failure ? 200 : failure->kind == FailureKind::conflict ? 409 : 422;
  return http::Response::html(house->pages.render(request, name, std::move(context), frame), status);
}

void add_page_routes(http::Router& router, House& house, Tracing& tracing) {
  house.pages.add_navigation({"tracing.nav_cases", "/cases", all_roles, 10});
  house.pages.add_navigation({"tracing.nav_worklist", "/worklist", all_roles, 20,
                              [&tracing](const http::Request& r) { return tracing.count_tasks_of(r.principal->account, pages::badge_max + 1); }});
  house.pages.add_related("person", {"tracing.related_cases", "/people/{id}/cases", all_roles, 10});
  house.pages.add_related("person", {"tracing.related_confirm", "/cases/new?person={id}", tracer_roles, 20});
  const Site site{&house, &tracing};
  add_case_routes(router, site);
  add_contact_routes(router, site);
  add_inquiry_routes(router, site);
  add_chain_routes(router, site);
  add_export_routes(router, site);
  add_consent_routes(router, site);
  add_task_routes(router, site);
  add_colleague_routes(router, site);
}

}  // namespace motcua::tracing
