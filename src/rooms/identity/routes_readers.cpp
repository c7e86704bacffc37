// Promise 8: who looked at this person, when, in what role and why, in words, to be printed for her; and what she objects to.
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/auth/access.hpp"
#include "platform/auth/account.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/identity/objection.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int entries_a_page = 50;
constexpr const char* state_names[] = {"open", "upheld", "not_upheld"};

/// "identity.act.tracing.view_case" where there is such a text, else only that somebody looked or changed something.
std::string in_words(const Site& site, const Request& request, const audit::Entry& entry) {
  const std::string key = "identity.act." + entry.action;
  if (site.house->texts.has(key)) return site.text(request, key);
  return site.text(request, entry.read ? "identity.looked" : "identity.changed");
}

std::string text_or(const Site& site, const Request& request, const std::string& key, const char* otherwise) {
  return site.text(request, site.house->texts.has(key) ? key : otherwise);
}

/// The name the installation knows its staff by: who looked is what the citizen has a right to know.
std::string name_of(const Site& site, const Request& request, const auth::Accounts& accounts, const std::string& actor) {
  const auto account = accounts.find(actor);
  if (account && *account) return (*account)->display_name.reveal();
  return site.text(request, actor.starts_with("cli:") ? "identity.actor_operator" : "identity.actor_house");
}

json::object show_entry(const Site& site, const Request& request, const auth::Accounts& accounts, const audit::Entry& entry) {
  return {{"when", site.when(request, entry.at)}, {"who", name_of(site, request, accounts, entry.actor)},
          {"role", text_or(site, request, "auth.role_" + entry.role, "identity.role_house")}, {"what", in_words(site, request, entry)},
          {"purpose", text_or(site, request, "identity.purpose." + entry.purpose, "identity.purpose_other")}, {"entry", to_hex(entry.hash)}};
}

json::object show_objection(const Site& site, const Request& request, const Objection& objection) {
  return {{"id", objection.objection_id}, {"words", objection.words.reveal()}, {"answer", objection.answer.reveal()}, {"made", site.when(request, objection.made_at)},
          {"open", objection.state == ObjectionState::open}, {"state", site.text(request, std::string("identity.objection_") + state_names[static_cast<int>(objection.state)])},
          {"tone", objection.state == ObjectionState::open ? "warn" : "ok"}, {"answered", objection.answered_at ? site.when(request, *objection.answered_at) : ""}};
}

Result<PersonView> person_of(const Site& site, const Request& request, const char* action) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, action));
  return site.identity->view_person(viewer, request.param("person_id"));   // not hers to see: not found
}

Result<Response> readers_page(const Site& site, const Request& request, const PersonView& view, const Failure* failure) {
  const auto before = std::atoll(request.query_value("before").c_str());
  const audit::Filter filter{.subjects = audit_subjects_of(view)};
  TRY_ASSIGN(const auto page, site.house->database.read_value([&](storage::Reader& reader) { return audit::list_entries(reader, filter, before, entries_a_page); }));
  TRY_ASSIGN(const auto objections, objections_of(*site.house, view.summary.person_id));
  const auth::Accounts accounts(site.house->database, site.house->keys, site.house->units, site.house->now);
  json::array rows, said;
  for (const auto& entry : page.entries) rows.push_back(show_entry(site, request, accounts, entry));
  for (const auto& objection : objections) said.push_back(show_objection(site, request, objection));
  const std::string name = view.summary.full_name.reveal(), title = site.text(request, "identity.readers_title"), here = "/people/" + view.summary.person_id;
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"name", name}, {"href", pages::link(request, here)}, {"printed", site.when(request, site.house->now())},
                       {"any_objection", !said.empty()}, {"objections", std::move(said)}, {"words", request.form_value("words")},
                       {"may_answer", auth::has_role(*request.principal, {"tracing_supervisor"})}};
  if (page.next_before) context["older"] = pages::link(request, here + "/readers?before=" + std::to_string(*page.next_before));
  return site.page(request, "identity/readers", std::move(context),
                   {.title = title, .active = "identity.nav_people",
                    .crumbs = {{site.text(request, "identity.search_title"), "/people"}, {name, here}, {title, ""}}}, failure);
}

Result<Response> show_readers(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto view, person_of(site, request, "identity.view_readers"));
  return readers_page(site, request, view, nullptr);
}

Result<Response> object(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto view, person_of(site, request, "identity.view_readers"));
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.record_objection"));
  const auto made = make_objection(*site.house, viewer, view, request.form_value("entry"), request.form_value("words"));
  if (made) return Response::see_other(pages::link(request, "/people/" + view.summary.person_id + "/readers"));
  if (!belongs_on_page(made.failure())) return made.failure();
  return readers_page(site, request, view, &made.failure());
}

Result<Response> answer(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto view, person_of(site, request, "identity.view_readers"));
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.answer_objection"));
  const auto done = answer_objection(*site.house, viewer, view, request.param("objection_id"), request.form_value("upheld") == "yes", request.form_value("answer"));
  if (done) return Response::see_other(pages::link(request, "/people/" + view.summary.person_id + "/readers"));
  if (!belongs_on_page(done.failure())) return done.failure();
  return readers_page(site, request, view, &done.failure());
}

Result<Response> objections_page(const Site& site, const Request& request) {
  TRY_ASSIGN(auto act, auth::act_of(request, {"auditor"}, "audit", "identity.list_objections"));
  TRY_ASSIGN(const auto all, list_objections(*site.house, act));
  json::array rows;
  for (const auto& objection : all) {
    json::object row = show_objection(site, request, objection);
    row["entry"] = objection.entry_seq == 0 ? site.text(request, "identity.objection_to_all") : i18n::number(objection.entry_seq);
    row["log_href"] = pages::link(request, "/audit?subject=" + objection.person_id);
    rows.push_back(std::move(row));
  }
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}};
  return site.page(request, "identity/objections", std::move(context), {.title = site.text(request, "identity.objections_title"), .active = "identity.nav_objections"});
}

}  // namespace

void add_reader_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  site.house->pages.add_navigation({"identity.nav_objections", "/objections", {"auditor"}, 531});
  router.add({.path = "/people/{person_id}/readers", .access = for_reviewers(), .handler = [site](const Request& r) { return show_readers(site, r); },
              .summary = "Who looked at this person, in words"});
  router.add({.method = post, .path = "/people/{person_id}/objections", .access = for_reviewers(), .handler = [site](const Request& r) { return object(site, r); },
              .summary = "Record what a citizen objects to"});
  router.add({.method = post, .path = "/people/{person_id}/objections/{objection_id}/answer", .access = http::Access::roles({"tracing_supervisor"}, "identity-review"),
              .handler = [site](const Request& r) { return answer(site, r); }, .summary = "Answer an objection"});
  router.add({.path = "/objections", .access = http::Access::roles({"auditor"}, "audit"), .handler = [site](const Request& r) { return objections_page(site, r); },
              .summary = "What citizens object to"});
}

}  // namespace motcua::identity
