// Who is this? One person behind many records: looked up, explained, joined, taken apart, taken back.
#include <boost/json.hpp>

#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "platform/units/units.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int candidates_max = 20;

/// What one looks for stands in the form, never in the address: an address ends up in logs.
Response search_page(const Site& site, const Request& request, json::object context, const Failure* failure) {
  for (const char* field : {"phone", "id_number", "full_name", "birth"}) context[field] = request.form_value(field);
  return site.page(request, "identity/search", std::move(context), {.title = site.text(request, "identity.search_title"), .active = "identity.nav_people"}, failure);
}

Result<Response> search(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.find_person"));
  const Identity::Query query{request.form_value("phone"), request.form_value("id_number"), request.form_value("full_name"), request.form_value("birth")};
  const auto found = site.identity->find_person(viewer.act, query, candidates_max);
  if (!found && !belongs_on_page(found.failure())) return found.failure();
  if (!found) return search_page(site, request, {}, &found.failure());
  json::array rows;
  for (const auto& candidate : *found) {
    if (!auth::may(*request.principal, {"tracer", "tracing_supervisor", "reviewer"}, candidate.person.ward_code, site.house->units)) continue;
    json::object row = show_summary(site, request, candidate.person);
    row["probability"] = i18n::percent(request.lang, candidate.probability);
    std::string reasons;
    for (const auto& [code, bits] : candidate.reasons)
      reasons += (reasons.empty() ? "" : "; ") + site.text(request, "identity.level." + code) + " " + i18n::signed_decimal(request.lang, bits, 1);
    row["reasons"] = reasons;
    rows.push_back(std::move(row));
  }
  json::object context{{"searched", true}, {"any", !rows.empty()}, {"rows", std::move(rows)}};
  return search_page(site, request, std::move(context), nullptr);
}

json::array history_of(const Site& site, const Request& request, const PersonView& view) {
  constexpr const char* kinds[] = {"accepted", "rejected", "merged", "split"};
  json::array out;
  for (const auto& entry : view.history)
    out.push_back(json::object{{"event_id", entry.event_id}, {"what", site.text(request, std::string("identity.change_") + kinds[static_cast<int>(entry.kind)])},
                               {"who", site.decider(request, entry.actor)}, {"when", site.when(request, entry.at)},
                               {"undone", entry.undone_at ? site.when(request, *entry.undone_at) : ""}});
  return out;
}

Result<Response> person_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.view_person"));
  TRY_ASSIGN(const auto view, site.identity->view_person(viewer, request.param("person_id")));
  json::object context = show_summary(site, request, view.summary);
  json::array records;
  for (const auto& record : view.records) records.push_back(show_record(site, request, record));
  context["several"] = view.records.size() > 1;
  context["record_list"] = std::move(records);
  context["any_history"] = !view.history.empty();
  context["history"] = history_of(site, request, view);
  context["related"] = site.house->pages.related(request, "person", view.summary.person_id);
  const std::string title = site.text(request, "identity.person_title", {{"name", view.summary.full_name.reveal()}});
  return site.page(request, "identity/person", std::move(context),
                   {.title = title, .active = "identity.nav_people", .crumbs = {{site.text(request, "identity.search_title"), "/people"}, {view.summary.full_name.reveal(), ""}}},
                   failure);
}

Response back_to(const Request& request, const std::string& person) { return Response::see_other(pages::link(request, "/people/" + person)); }

Result<Response> merge(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.merge"));
  const std::string person = request.param("person_id");
  auto done = site.identity->merge(viewer, person, request.form_value("other"));
  // The other person not being there is a wrong entry of this form.
  if (!done && !belongs_on_page(done.failure()) && done.failure().kind != FailureKind::not_found) return std::move(done).failure();
  if (!done) {
    Failure failure = std::move(done).failure();
    failure.field = "other";
    return person_page(site, request, &failure);
  }
  return back_to(request, done->person_ids.empty() ? person : done->person_ids.front());
}

Result<Response> split(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.split"));
  std::vector<std::string> subjects;
  const auto [first, last] = request.form.equal_range("subject");
  for (auto at = first; at != last; ++at) subjects.push_back(at->second);
  const auto done = site.identity->split(viewer, request.param("person_id"), subjects);
  if (done) return back_to(request, request.param("person_id"));
  if (!belongs_on_page(done.failure())) return done.failure();
  return person_page(site, request, &done.failure());
}

Result<Response> undo(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.undo"));
  TRY_ASSIGN(const auto done, site.identity->undo(viewer, request.param("event_id")));
  if (request.form_value("from") == "review") return Response::see_other(pages::link(request, "/review"));
  return done.person_ids.empty() ? Response::see_other(pages::link(request, "/people")) : back_to(request, done.person_ids.front());
}

}  // namespace

void add_person_routes(http::Router& router, const Site& site) {
  const auto get = http::Method::get, post = http::Method::post;
  const auto add = [&](http::Method method, std::string path, http::Handler handler, std::string summary) {
    router.add({.method = method, .path = std::move(path), .access = for_reviewers(), .handler = std::move(handler), .summary = std::move(summary)});
  };
  add(get, "/people", [site](const Request& r) -> Result<Response> { return search_page(site, r, {}, nullptr); }, "Who is this? The form");
  add(post, "/people", [site](const Request& r) { return search(site, r); }, "Who is this?");
  add(get, "/people/{person_id}", [site](const Request& r) { return person_page(site, r, nullptr); }, "A person with all records and reasons");
  add(post, "/people/{person_id}/merge", [site](const Request& r) { return merge(site, r); }, "Two are one person");
  add(post, "/people/{person_id}/split", [site](const Request& r) { return split(site, r); }, "Some records are another person");
  add(post, "/review/events/{event_id}/undo", [site](const Request& r) { return undo(site, r); }, "Take a decision back");
}

}  // namespace motcua::identity
