// A case with its contacts: the list that carries the work, and one contact beside it.
#include <boost/json.hpp>

#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int contacts_a_page = 50;

ContactFilter filter_of(const Request& request) {
  const bool searched = request.method == http::Method::post;
  ContactFilter filter{.case_id = request.param("case_id"), .class_name = filter_value(request, "class"), .ward_code = filter_value(request, "ward"),
                       .state = filter_value(request, "state"), .search = searched ? request.form_value("q") : "",
                       .descending = request.query_value("order") == "desc", .page = page_of(request), .page_size = searched ? page_size_max : contacts_a_page};
  if (const auto sort = request.query_value("sort"); !sort.empty()) filter.sort = sort;
  return filter;
}

/// One heading that sorts: pressing it again turns the order round.
json::object heading(const Site& site, const Request& request, const ContactFilter& filter, const std::string& sort, bool right = false) {
  const bool current = filter.sort == sort;
  Request turned = request;
  turned.query.erase("order");
  if (current && !filter.descending) turned.query.emplace("order", "desc");
  return {{"label", site.text(request, "tracing.heading_" + sort)}, {"href", pages::link_with(turned, "sort", sort)}, {"right", right},
          {"aria", !current ? "" : filter.descending ? "descending" : "ascending"}};
}

json::array headings(const Site& site, const Request& request, const ContactFilter& filter) {
  json::array out;
  out.push_back(heading(site, request, filter, "class"));
  out.push_back(heading(site, request, filter, "name"));
  out.push_back(json::object{{"label", site.text(request, "tracing.column_why")}});
  out.push_back(heading(site, request, filter, "minutes", true));
  out.push_back(heading(site, request, filter, "ward"));
  out.push_back(heading(site, request, filter, "due"));
  return out;
}

json::array tiles(const Site& site, const Request& request, const CaseView& view) {
  json::array out;
  for (const auto& count : view.by_class)
    out.push_back(json::object{{"count", i18n::number(count.contacts)}, {"class", count.key}, {"label", site.text(request, "tracing.tile_contacts")}});
  std::int64_t tasks = 0, done = 0, lost = 0;
  for (const auto& count : view.by_state) {
    if (count.key != "none" && count.key != "cancelled") tasks += count.contacts;
    if (count.key == "done") done = count.contacts;
    if (count.key == "lost") lost = count.contacts;
  }
  out.push_back(json::object{{"count", i18n::number(done) + " / " + i18n::number(tasks)}, {"label", site.text(request, "tracing.tile_reached")}});
  out.push_back(json::object{{"count", i18n::number(lost)}, {"label", site.text(request, "tracing.tile_lost")}});
  return out;
}

void put_policy(const Site& site, const Request& request, const CaseView& view, json::object& context) {
  for (const auto& policy : site.tracing->policies()) {
    if (policy.name != view.policy) continue;
    context["citation"] = policy.citation;
    json::array definitions;
    const auto& sentences = request.lang == "vi" ? policy.definition_vi : policy.definition_en;
    for (std::size_t i = 0; i < sentences.size(); ++i)
      definitions.push_back(json::object{{"class", "F" + std::to_string(i + 1)}, {"sentence", sentences[i]}});
    context["definitions"] = std::move(definitions);
  }
}

json::object head_of(const Site& site, const Request& request, const CaseView& view) {
  json::object head = show_case(site, request, view);
  head["birth"] = i18n::birth(request.lang, view.birth);
  head["sex"] = view.sex.empty() ? "" : site.text(request, "tracing.sex_" + view.sex);
  head["person_href"] = person_link(request, view.person_id);
  head["infectious"] = view.infectious_to ? i18n::interval(request.lang, view.infectious_from, *view.infectious_to)
                                          : site.text(request, "tracing.from_on", {{"from", site.when(request, view.infectious_from)}});
  head["traced"] = view.traced_at ? i18n::relative(site.house->texts, request.lang, *view.traced_at, site.house->now()) : "";
  head["partial"] = view.partial;
  const bool who_is_it = view.state == "open" && for_tracers().admits(request.principal);
  head["one_record"] = who_is_it && view.one_record;
  head["empty_trace"] = who_is_it && view.empty_trace;
  head["doubtful"] = who_is_it && (view.one_record || view.empty_trace);
  return head;
}

Result<Response> case_page(const Site& site, const Request& request) {
  const auto filter = filter_of(request);
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), filter.case_id));
  TRY_ASSIGN(const auto contacts, site.tracing->list_contacts(asker_for(request, "tracing.list_contacts"), filter));
  const std::string case_path = pages::link(request, "/cases/" + filter.case_id);
  const bool searched = request.method == http::Method::post;
  json::array rows;
  const std::string chosen = request.query_value("contact");
  for (const auto& row : contacts.rows) {
    rows.push_back(show_row(site, request, row));
    rows.back().as_object()["chosen"] = row.contact_id == chosen;
  }
  json::object context{{"case", head_of(site, request, view)}, {"tiles", tiles(site, request, view)}, {"rows", std::move(rows)}, {"any", !contacts.rows.empty()},
                       {"headings", headings(site, request, filter)}, {"classes", chips(site, request, "class", view.by_class, "")},
                       {"states", chips(site, request, "state", view.by_state, "tracing.state_")}, {"wards", chips(site, request, "ward", view.by_ward, "ward")},
                       {"q", filter.search}, {"class", filter.class_name}, {"state", filter.state}, {"ward", filter.ward_code},
                       {"filtered", !filter.search.empty() || !filter.class_name.empty() || !filter.state.empty() || !filter.ward_code.empty()},
                       {"clear_href", case_path},
                       {"may_change", for_tracers().admits(request.principal)}, {"total", i18n::number(contacts.total)},
                       {"pagination", searched ? json::object{} : pages::pagination(site.house->texts, request, contacts.total, filter.page, contacts_a_page)},
                       {"more_than_shown", searched && contacts.total > page_size_max}, {"search_action", case_path + "/search"}};
  context["questions"] = questions(site, request, view.case_id, "");
  put_giving(request, contacts.total, context);
  if (searched) context["give_total"] = "";   // what was searched for is no filter of tasks
  const std::string same = pages::link_with(request, "page", "");
  const auto mark = same.find('?');
  context["export_href"] = case_path + "/export" + (mark == std::string::npos ? "" : same.substr(mark));
  put_policy(site, request, view, context);
  context["related"] = site.house->pages.related(request, "case", filter.case_id);
  const std::string name = view.full_name.reveal();
  return site.page(request, "tracing/case", std::move(context),
                   {.title = site.text(request, "tracing.case_title", {{"name", name}}), .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {name, ""}}, .wide = true});
}

/// A search is posted to an address of its own; its chips and headings lead to the list.
Request as_list_page(Request request) {
  request.path = "/cases/" + request.param("case_id");
  request.query.clear();
  for (const char* name : {"class", "ward", "state"})
    if (const auto value = request.form_value(name); !value.empty()) request.query.emplace(name, value);
  return request;
}

Result<Response> contact_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto contact, site.tracing->get_contact(asker_for(request, "tracing.view_contact"), request.param("contact_id")));
  json::object context = show_contact(site, request, contact);
  if (!request.query_value("part").empty()) return Response::html(site.house->pages.render_part(request, "tracing/contact_part", std::move(context)));
  context["whole"] = true;
  context["may_isolate"] = for_all().admits(request.principal);
  const std::string name = contact.full_name.reveal();
  return site.page(request, "tracing/contact", std::move(context),
                   {.title = site.text(request, "tracing.contact_title", {{"name", name}}), .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {site.text(request, "tracing.crumb_case"), "/cases/" + contact.case_id}, {name, ""}}},
                   failure);
}

Result<Response> isolate(const Site& site, const Request& request) {
  auto at = parse_instant(request.form_value("at"));
  if (!at) {
    Failure failure = std::move(at).failure();
    failure.field = "at";
    return contact_page(site, request, &failure);
  }
  const auto done = site.tracing->record_isolation(asker_for(request, "tracing.record_isolation"), request.param("contact_id"), *at);
  if (done) return Response::see_other(pages::link(request, "/contacts/" + request.param("contact_id")));
  if (!belongs_on_form(done.failure())) return done.failure();
  return contact_page(site, request, &done.failure());
}

}  // namespace

void add_contact_routes(http::Router& router, const Site& site) {
  router.add({.path = "/cases/{case_id}", .access = for_all(), .handler = [site](const Request& r) { return case_page(site, r); }, .summary = "A case with its contacts"});
  router.add({.method = http::Method::post, .path = "/cases/{case_id}/search", .access = for_all(), .handler = [site](const Request& r) { return case_page(site, as_list_page(r)); },
              .summary = "Contacts of a name in a case"});
  router.add({.path = "/cases/{case_id}/search", .access = for_all(),
              .handler = [](const Request& r) -> Result<Response> { return Response::see_other(pages::link(r, "/cases/" + r.param("case_id"))); },
              .summary = "Back to the case"});
  router.add({.path = "/contacts/{contact_id}", .access = for_all(), .handler = [site](const Request& r) { return contact_page(site, r, nullptr); },
              .summary = "A contact with the reason and the path"});
  router.add({.method = http::Method::post, .path = "/contacts/{contact_id}/isolation", .access = for_all(), .handler = [site](const Request& r) { return isolate(site, r); },
              .summary = "The contact is apart from others since"});
}

}  // namespace motcua::tracing
