// Cases: the list, confirming one, changing and closing it.
#include <algorithm>
#include <boost/json.hpp>

#include "base/time.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int cases_a_page = 50;

Result<Response> list_page(const Site& site, const Request& request) {
  const bool searched = request.method == http::Method::post;
  const CaseFilter filter{.state = filter_value(request, "state"), .search = searched ? request.form_value("q") : "", .page = page_of(request),
                          .page_size = searched ? page_size_max : cases_a_page};
  TRY_ASSIGN(const auto cases, site.tracing->list_cases(asker_for(request, "tracing.list_cases"), filter));
  json::array rows, states;
  for (const auto& one : cases.rows) rows.push_back(show_case(site, request, one));
  for (const std::string state : {"open", "closed"}) {
    const bool current = filter.state == state;
    states.push_back(json::object{{"label", site.text(request, "tracing.case_state_" + state)}, {"current", current},
                                  {"href", pages::link(request, current ? "/cases" : "/cases?state=" + state)}});
  }
  json::object context{{"cases", std::move(rows)}, {"any", !cases.rows.empty()}, {"states", std::move(states)}, {"q", filter.search}, {"state", filter.state},
                       {"filtered", !filter.search.empty() || !filter.state.empty()}, {"total", i18n::number(cases.total)},
                       {"may_confirm", for_tracers().admits(request.principal)},
                       {"pagination", searched ? json::object{} : pages::pagination(site.house->texts, request, cases.total, filter.page, cases_a_page)},
                       {"more_than_shown", searched && cases.total > page_size_max}};
  return site.page(request, "tracing/cases", std::move(context), {.title = site.text(request, "tracing.cases_title"), .active = "tracing.nav_cases"});
}

Response confirm_page(const Site& site, const Request& request, const Failure* failure) {
  json::object context;
  for (const char* field : {"person", "record", "sampled_at", "onset", "isolated_at"})
    context[field] = request.method == http::Method::get ? request.query_value(field) : request.form_value(field);
  const std::string title = site.text(request, "tracing.confirm_title");
  return site.page(request, "tracing/confirm", std::move(context),
                   {.title = title, .active = "tracing.nav_cases", .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {title, ""}}}, failure);
}

/// A failure of a parser, moved to the field of the form it stands in.
Failure at_field(Failure failure, std::string field) {
  failure.field = std::move(field);
  return failure;
}

Result<std::optional<Instant>> instant_field(const Request& request, const std::string& field) {
  const auto text = request.form_value(field);
  if (text.empty()) return std::optional<Instant>();
  auto parsed = parse_instant(text);
  if (!parsed) return at_field(std::move(parsed).failure(), field);
  return std::optional<Instant>(*parsed);
}

Result<std::optional<Date>> date_field(const Request& request, const std::string& field) {
  const auto text = request.form_value(field);
  if (text.empty()) return std::optional<Date>();
  auto parsed = parse_date(text);
  if (!parsed) return at_field(std::move(parsed).failure(), field);
  if (!parsed->full()) return invalid("tracing.date_whole", field);
  return std::optional<Date>(Date{std::chrono::year(parsed->year), std::chrono::month(static_cast<unsigned>(parsed->month)),
                                  std::chrono::day(static_cast<unsigned>(parsed->day))});
}

Result<CaseInput> case_of(const Request& request) {
  CaseInput input;
  input.person_id = request.form_value("person");
  if (const auto record = request.form_value("record"); input.person_id.empty() && !record.empty()) {
    const auto colon = record.find(':');
    if (colon == std::string::npos) return invalid("tracing.record_form", "record");
    input.record_source = record.substr(0, colon), input.record_id = record.substr(colon + 1);
  }
  if (input.person_id.empty() && input.record_id.empty()) return invalid("tracing.person_needed", "person");
  TRY_ASSIGN(const auto sampled, instant_field(request, "sampled_at"));
  if (!sampled) return invalid("tracing.sampled_needed", "sampled_at");
  input.sampled_at = *sampled;
  TRY_ASSIGN(input.onset, date_field(request, "onset"));
  TRY_ASSIGN(input.isolated_at, instant_field(request, "isolated_at"));
  return input;
}

Result<Response> confirm(const Site& site, const Request& request) {
  const auto input = case_of(request);
  if (!input) return confirm_page(site, request, &input.failure());
  const auto case_id = site.tracing->confirm_case(asker_for(request, "tracing.confirm_case"), *input);
  if (case_id) return Response::see_other(pages::link(request, "/cases/" + *case_id));
  // A person who is not there is a wrong entry of this form, not a page that is not there.
  if (!belongs_on_form(case_id.failure()) && case_id.failure().kind != FailureKind::not_found) return case_id.failure();
  return confirm_page(site, request, &case_id.failure());
}

Result<Response> amend_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), request.param("case_id")));
  json::object context = show_case(site, request, view);
  std::optional<Date> onset = view.onset;
  if (const auto days = request.query_value("days"); !days.empty())      // as asked on the page "what if"
    onset = Date{std::chrono::sys_days(onset.value_or(vietnam_date(view.sampled_at))) + std::chrono::days(std::clamp(std::atoi(days.c_str()), -onset_days_max, onset_days_max))};
  context["onset_value"] = onset ? to_iso(PartialDate{static_cast<int>(onset->year()), static_cast<int>(static_cast<unsigned>(onset->month())), static_cast<int>(static_cast<unsigned>(onset->day()))}) : "";
  context["isolated_value"] = view.isolated_at ? i18n::input_date_time(*view.isolated_at) : "";
  context["source_value"] = view.source_contact_at ? i18n::input_date_time(*view.source_contact_at) : "";
  const std::string title = site.text(request, "tracing.amend_title");
  return site.page(request, "tracing/amend", std::move(context),
                   {.title = title, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {view.full_name.reveal(), "/cases/" + view.case_id}, {title, ""}}}, failure);
}

Result<CaseChange> change_of(const Request& request) {
  CaseChange change;
  TRY_ASSIGN(change.onset, date_field(request, "onset"));
  TRY_ASSIGN(change.isolated_at, instant_field(request, "isolated_at"));
  TRY_ASSIGN(change.source_contact_at, instant_field(request, "source_contact_at"));
  return change;
}

Result<Response> amend(const Site& site, const Request& request) {
  const auto change = change_of(request);
  if (!change) return amend_page(site, request, &change.failure());
  const std::string id = request.param("case_id");
  const auto done = site.tracing->amend_case(asker_for(request, "tracing.amend_case"), id, std::atoi(request.form_value("version").c_str()), *change);
  if (done) return Response::see_other(pages::link(request, "/cases/" + id));
  if (!belongs_on_form(done.failure())) return done.failure();
  return amend_page(site, request, &done.failure());
}

Result<Response> close(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY(site.tracing->close_case(asker_for(request, "tracing.close_case"), id, std::atoi(request.form_value("version").c_str())));
  return Response::see_other(pages::link(request, "/cases/" + id));
}

/// Which cases lead to a person: what identity's page of a person links to.
Result<Response> person_cases(const Site& site, const Request& request) {
  const std::string person = request.param("person_id");
  TRY_ASSIGN(const auto links, site.tracing->list_cases_of_person(asker_for(request, "tracing.view_cases_of_person"), person));
  json::array rows;
  for (const auto& link : links) {
    const auto view = site.tracing->get_case(asker_for(request, "tracing.view_case"), link.case_id);
    if (!view) continue;   // not for this asker
    json::object row = show_case(site, request, *view);
    row["class"] = link.class_name;
    if (!link.contact_id.empty()) row["contact_href"] = pages::link(request, "/contacts/" + link.contact_id);
    rows.push_back(std::move(row));
  }
  const std::string title = site.text(request, "tracing.person_cases_title");
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"person_href", person_link(request, person)}};
  return site.page(request, "tracing/person_cases", std::move(context), {.title = title, .active = "tracing.nav_cases"});
}

}  // namespace

void add_case_routes(http::Router& router, const Site& site) {
  const auto get = http::Method::get, post = http::Method::post;
  router.add({.method = get, .path = "/cases", .access = for_all(), .handler = [site](const Request& r) { return list_page(site, r); }, .summary = "Cases"});
  router.add({.method = post, .path = "/cases/search", .access = for_all(), .handler = [site](const Request& r) { return list_page(site, r); }, .summary = "Cases of a name"});
  router.add({.method = get, .path = "/cases/search", .access = for_all(),
              .handler = [](const Request& r) -> Result<Response> { return Response::see_other(pages::link(r, "/cases")); }, .summary = "Back to the cases"});
  router.add({.method = get, .path = "/cases/new", .access = for_tracers(), .handler = [site](const Request& r) -> Result<Response> { return confirm_page(site, r, nullptr); },
              .summary = "Confirm a case: the form"});
  router.add({.method = post, .path = "/cases", .access = for_tracers(), .handler = [site](const Request& r) { return confirm(site, r); }, .summary = "Confirm a case"});
  router.add({.method = get, .path = "/cases/{case_id}/amend", .access = for_tracers(), .handler = [site](const Request& r) { return amend_page(site, r, nullptr); },
              .summary = "Correct a case: the form"});
  router.add({.method = post, .path = "/cases/{case_id}/amend", .access = for_tracers(), .handler = [site](const Request& r) { return amend(site, r); }, .summary = "Correct a case"});
  router.add({.method = post, .path = "/cases/{case_id}/close", .access = for_tracers(), .handler = [site](const Request& r) { return close(site, r); }, .summary = "Close a case"});
  router.add({.method = get, .path = "/people/{person_id}/cases", .access = for_all(), .handler = [site](const Request& r) { return person_cases(site, r); },
              .summary = "Cases that lead to a person"});
}

}  // namespace motcua::tracing
