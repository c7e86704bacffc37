// Handing out work: how much each colleague has, and to whom the chosen tasks go. Two steps, so that neither needs a script.
#include <boost/json.hpp>

#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr const char* filter_fields[] = {"who", "ward", "state", "class", "case", "overdue"};

/// The tasks ticked, or with `all` whatever the list shows.
TaskChoice choice_of(const Request& request) {
  TaskChoice choice;
  if (request.form_value("all") == "1") choice.all_of = task_filter_of(request);
  const auto [first, last] = request.form.equal_range("task");
  for (auto at = first; at != last && !choice.all_of; ++at) choice.task_ids.push_back(at->second);
  return choice;
}

Result<Response> colleagues_page(const Site& site, const Request& request, const TaskChoice& choice, const Failure* failure) {
  TRY_ASSIGN(const auto colleagues, site.tracing->list_colleagues(giver_for(request, "tracing.list_colleagues"), choice.task_ids));
  json::array rows, tasks, filter;
  for (const auto& c : colleagues)
    rows.push_back(json::object{{"account", c.account}, {"name", c.display_name.reveal()}, {"open", i18n::number(c.open)}, {"overdue", c.overdue > 0 ? i18n::number(c.overdue) : ""},
                                {"chosen", request.form_value("account") == c.account}, {"href", pages::link(request, "/worklist?who=" + c.account)}});
  for (const auto& id : choice.task_ids) tasks.push_back(json::value(id));
  if (choice.all_of)
    for (const char* field : filter_fields)
      if (const auto value = request.form_value(field); !value.empty()) filter.push_back(json::object{{"name", field}, {"value", value}});
  const bool giving = choice.all_of || !choice.task_ids.empty();
  const std::string title = site.text(request, giving ? "tracing.give_title" : "tracing.colleagues_title");
  json::object context{{"any", !colleagues.empty()}, {"colleagues", std::move(rows)}, {"giving", giving}, {"tasks", std::move(tasks)}, {"filter", std::move(filter)},
                       {"all", choice.all_of.has_value()}, {"title", title},
                       {"count", choice.all_of ? request.form_value("total") : i18n::number(static_cast<std::int64_t>(choice.task_ids.size()))}, {"max", i18n::number(tasks_given_max)}};
  return site.page(request, "tracing/colleagues", std::move(context),
                   {.title = title, .active = "tracing.nav_worklist", .crumbs = {{site.text(request, "tracing.worklist_title"), "/worklist"}, {title, ""}}}, failure);
}

Result<Response> choose(const Site& site, const Request& request) {
  const TaskChoice choice = choice_of(request);
  if (choice.all_of || !choice.task_ids.empty()) return colleagues_page(site, request, choice, nullptr);
  const Failure nothing = invalid("tracing.tasks_needed", "task");
  return colleagues_page(site, request, choice, &nothing);
}

Result<Response> give(const Site& site, const Request& request) {
  const TaskChoice choice = choice_of(request);
  const std::string account = request.form_value("account");
  if (account.empty()) {
    const Failure nobody = invalid("tracing.colleague_needed", "account");
    return colleagues_page(site, request, choice, &nobody);
  }
  const auto done = site.tracing->assign_tasks(giver_for(request, "tracing.assign_task"), choice, account);
  if (done) return Response::see_other(pages::link(request, "/worklist?who=" + account + "&given=" + std::to_string(done->given) + "&left=" + std::to_string(done->left)));
  if (!belongs_on_form(done.failure())) return done.failure();
  return colleagues_page(site, request, choice, &done.failure());
}

}  // namespace

TaskFilter task_filter_of(const Request& request) {
  TaskFilter filter;
  filter.case_id = filter_value(request, "case");
  filter.ward_code = filter_value(request, "ward");
  filter.state = filter_value(request, "state");
  filter.class_name = filter_value(request, "class");
  filter.overdue_only = filter_value(request, "overdue") == "1";
  const std::string who = filter_value(request, "who");
  filter.unassigned = who == "none";
  if (!filter.unassigned) filter.assignee = who == "me" ? request.principal->account : who;
  return filter;
}

void put_giving(const Request& request, std::int64_t total, json::object& context) {
  context["may_give"] = for_tracers().admits(request.principal);
  context["give_total"] = i18n::number(total);
  json::array filter;
  for (const char* field : filter_fields)
    if (auto value = filter_value(request, field); !value.empty()) filter.push_back(json::object{{"name", field}, {"value", std::move(value)}});
  if (const auto id = request.param("case_id"); !id.empty()) filter.push_back(json::object{{"name", "case"}, {"value", id}});
  context["give_filter"] = std::move(filter);
}

void add_colleague_routes(http::Router& router, const Site& site) {
  const auto post = http::Method::post;
  router.add({.path = "/colleagues", .access = for_tracers(), .handler = [site](const Request& r) { return colleagues_page(site, r, {}, nullptr); },
              .summary = "How much each colleague has to do"});
  router.add({.method = post, .path = "/colleagues", .access = for_tracers(), .handler = [site](const Request& r) { return choose(site, r); },
              .summary = "To whom the chosen tasks go"});
  router.add({.method = post, .path = "/worklist/assignees", .access = for_tracers(), .handler = [site](const Request& r) { return give(site, r); },
              .summary = "Give tasks to a colleague"});
}

}  // namespace motcua::tracing
