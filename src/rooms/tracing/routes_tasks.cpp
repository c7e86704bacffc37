// Follow-up: the worklist of a ward, a call's result, who takes a task.
#include <boost/json.hpp>

#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int tasks_a_page = 50;
constexpr const char* outcomes[] = {"reached", "no_answer", "appointment", "wrong_number", "refused", "moved"};
constexpr std::size_t note_bytes_max = 1000;

json::array state_chips(const Site& site, const Request& request, const std::string& chosen) {
  json::array out;
  for (const std::string state : {"open", "trying", "appointment", "lost", "done"})
    out.push_back(json::object{{"label", site.text(request, "tracing.state_" + state)}, {"current", state == chosen},
                               {"href", pages::link_with(request, "state", state == chosen ? "" : state)}});
  return out;
}

/// The ways to narrow the list by who has taken a task: mine, nobody's, and the colleague whose list this is.
json::array who_chips(const Site& site, const Request& request, const std::vector<TaskView>& rows) {
  json::array out;
  const std::string chosen = request.query_value("who");
  const auto add = [&](const std::string& who, std::string label) {
    out.push_back(json::object{{"label", std::move(label)}, {"current", chosen == who}, {"href", pages::link_with(request, "who", chosen == who ? "" : who)}});
  };
  add("me", site.text(request, "tracing.mine"));
  add("none", site.text(request, "tracing.nobodys"));
  if (!chosen.empty() && chosen != "me" && chosen != "none")
    add(chosen, rows.empty() ? site.text(request, "tracing.a_colleague") : rows.front().assignee_name.reveal());
  return out;
}

Result<Response> worklist_page(const Site& site, const Request& request) {
  TaskFilter filter = task_filter_of(request);
  filter.page = page_of(request);
  filter.page_size = tasks_a_page;
  const Asker asker = asker_for(request, "tracing.list_tasks");
  TRY_ASSIGN(const auto tasks, site.tracing->list_tasks(asker, filter));
  TRY_ASSIGN(const auto wards, site.tracing->count_tasks_by_ward(asker));
  json::array rows;
  for (const auto& task : tasks.rows) rows.push_back(show_task(site, request, task));
  json::object context{{"tasks", std::move(rows)}, {"any", !tasks.rows.empty()}, {"total", i18n::number(tasks.total)}, {"states", state_chips(site, request, filter.state)},
                       {"whos", who_chips(site, request, tasks.rows)}, {"overdue", filter.overdue_only},
                       {"overdue_href", pages::link_with(request, "overdue", filter.overdue_only ? "" : "1")},
                       {"wards", chips(site, request, "ward", wards, "ward")}, {"ward", filter.ward_code}, {"case", filter.case_id},
                       {"case_clear", pages::link_with(request, "case", "")},
                       {"given", request.query_value("given").empty() ? "" : i18n::number(std::atoll(request.query_value("given").c_str()))},
                       {"left", i18n::number(std::atoll(request.query_value("left").c_str()))},
                       {"pagination", pages::pagination(site.house->texts, request, tasks.total, filter.page, tasks_a_page)}};
  put_giving(request, tasks.total, context);
  return site.page(request, "tracing/worklist", std::move(context), {.title = site.text(request, "tracing.worklist_title"), .active = "tracing.nav_worklist", .wide = true});
}

Result<Response> task_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto task, site.tracing->get_task(asker_for(request, "tracing.view_task"), request.param("task_id")));
  json::object context = show_task(site, request, task);
  json::array choices;
  for (const char* outcome : outcomes)
    choices.push_back(json::object{{"value", outcome}, {"label", site.text(request, std::string("tracing.outcome_") + outcome)}, {"chosen", request.form_value("outcome") == outcome}});
  context["choices"] = std::move(choices);
  context["may_give"] = for_tracers().admits(request.principal);
  context["note_value"] = request.form_value("note");
  context["appointment_value"] = request.form_value("appointment_at");
  const std::string name = task.full_name.reveal();
  return site.page(request, "tracing/task", std::move(context),
                   {.title = site.text(request, "tracing.task_title", {{"name", name}}), .active = "tracing.nav_worklist",
                    .crumbs = {{site.text(request, "tracing.worklist_title"), "/worklist"}, {name, ""}}},
                   failure);
}

Result<CallInput> call_of(const Request& request) {
  CallInput call{.outcome = request.form_value("outcome"), .note = request.form_value("note"), .appointment_at = std::nullopt};
  if (call.outcome.empty()) return invalid("tracing.outcome_needed", "outcome");
  if (call.note.size() > note_bytes_max) return invalid("text.too_long", "note", {{"bytes_max", std::to_string(note_bytes_max)}});
  if (call.outcome != "appointment") return call;
  auto at = parse_instant(request.form_value("appointment_at"));
  if (!at) return invalid("tracing.appointment_needed", "appointment_at");
  call.appointment_at = *at;
  return call;
}

int version_of(const Request& request) { return std::atoi(request.form_value("version").c_str()); }

Result<Response> record(const Site& site, const Request& request) {
  const auto call = call_of(request);
  if (!call) return task_page(site, request, &call.failure());
  const auto done = site.tracing->record_call(asker_for(request, "tracing.record_call"), request.param("task_id"), version_of(request), *call);
  if (done) return Response::see_other(pages::link(request, "/tasks/" + request.param("task_id")));
  if (!belongs_on_form(done.failure())) return done.failure();
  return task_page(site, request, &done.failure());
}

/// One takes a task oneself, or lets it go; giving it to others is routes_colleagues.cpp.
Result<Response> assign(const Site& site, const Request& request) {
  const std::string account = request.form_value("take") == "1" ? request.principal->account : "";
  const auto done = site.tracing->assign_task(asker_for(request, "tracing.assign_task"), request.param("task_id"), version_of(request), account);
  if (done) return Response::see_other(pages::link(request, "/tasks/" + request.param("task_id")));
  if (!belongs_on_form(done.failure())) return done.failure();
  return task_page(site, request, &done.failure());
}

}  // namespace

void add_task_routes(http::Router& router, const Site& site) {
  const auto post = http::Method::post;
  router.add({.path = "/worklist", .access = for_all(), .handler = [site](const Request& r) { return worklist_page(site, r); }, .summary = "Follow-up tasks of one's area"});
  router.add({.path = "/tasks/{task_id}", .access = for_all(), .handler = [site](const Request& r) { return task_page(site, r, nullptr); }, .summary = "A follow-up task"});
  router.add({.method = post, .path = "/tasks/{task_id}/calls", .access = for_all(), .handler = [site](const Request& r) { return record(site, r); },
              .summary = "Record a call's result"});
  router.add({.method = post, .path = "/tasks/{task_id}/assignee", .access = for_all(), .handler = [site](const Request& r) { return assign(site, r); },
              .summary = "Take a task, or let it go"});
}

}  // namespace motcua::tracing
