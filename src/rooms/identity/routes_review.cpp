// Doubtful pairs, worked by keyboard: one person or two.
#include <boost/json.hpp>

#include "base/ids.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int tasks_a_page = 50;
constexpr std::pair<const char*, ReviewState> states[] = {{"open", ReviewState::open}, {"accepted", ReviewState::accepted}, {"rejected", ReviewState::rejected}};

json::object show_task(const Site& site, const Request& request, const ReviewTask& task) {
  return {{"href", pages::link(request, "/review/" + task.task_id)}, {"probability", i18n::percent(request.lang, task.probability)},
          {"created", site.when(request, task.created_at)}, {"ward", site.ward(task.ward_code)}, {"a", task.masked_a}, {"b", task.masked_b},
          {"source_a", source_name(site, request, task.source_a)}, {"source_b", source_name(site, request, task.source_b)}, {"is_open", task.state == ReviewState::open},
          {"decided", task.decided_at ? site.when(request, *task.decided_at) : ""}, {"who", task.decided_at ? site.decider(request, task.decided_by) : ""}};
}

Result<Response> list_page(const Site& site, const Request& request) {
  ReviewFilter filter{.ward_code = request.query_value("ward"), .page = std::max(1, std::atoi(request.query_value("page").c_str())), .page_size = tasks_a_page};
  json::array chips;
  const std::string chosen = request.query_value("state").empty() ? "open" : request.query_value("state");
  for (const auto& [name, state] : states) {
    if (chosen == name) filter.state = state;
    chips.push_back(json::object{{"label", site.text(request, std::string("identity.review_") + name)}, {"current", chosen == name}, {"href", pages::link_with(request, "state", name)}});
  }
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.list_review"));
  TRY_ASSIGN(const auto page, site.identity->list_review(viewer, filter));
  json::array rows;
  for (const auto& task : page.tasks) rows.push_back(show_task(site, request, task));
  json::object context{{"chips", std::move(chips)}, {"any", !rows.empty()}, {"rows", std::move(rows)}, {"total", i18n::number(page.total)}, {"waiting", filter.state == ReviewState::open},
                       {"pagination", pages::pagination(site.house->texts, request, page.total, filter.page, tasks_a_page)}};
  return site.page(request, "identity/review", std::move(context), {.title = site.text(request, "identity.review_title"), .active = "identity.nav_review"});
}

Result<Response> pair_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.open_review"));
  TRY_ASSIGN(const auto pair, site.identity->open_review(viewer, request.param("task_id")));
  json::object context = show_task(site, request, pair.task);
  context["why"] = show_waterfall(site, request, pair.why);
  context["rows"] = show_comparison(site, request, pair.a, pair.b);
  context["a_source"] = source_name(site, request, pair.a.source);
  context["b_source"] = source_name(site, request, pair.b.source);
  if (!pair.a.person_id.empty()) context["a_href"] = pages::link(request, "/people/" + pair.a.person_id);
  if (!pair.b.person_id.empty()) context["b_href"] = pages::link(request, "/people/" + pair.b.person_id);
  context["next_href"] = pages::link(request, pair.next_task_id.empty() ? "/review" : "/review/" + pair.next_task_id);
  context["event_id"] = pair.task.event_id;
  context["next_task"] = pair.next_task_id;
  if (const auto done = request.query_value("done"); is_id("evn", done)) context["done"] = done;
  const std::string title = site.text(request, "identity.pair_title");
  return site.page(request, "identity/pair", std::move(context),
                   {.title = title, .active = "identity.nav_review", .crumbs = {{site.text(request, "identity.review_title"), "/review"}, {title, ""}}}, failure);
}

Result<Response> decide(const Site& site, const Request& request) {
  const std::string same = request.form_value("same"), next = request.form_value("next");
  if (same != "yes" && same != "no") {
    const auto failure = invalid("identity.decision_needed", "same");
    return pair_page(site, request, &failure);
  }
  TRY_ASSIGN(const auto viewer, viewer_for(request, "identity.decide_review"));
  const auto decision = site.identity->decide_review(viewer, request.param("task_id"), same == "yes");
  if (!decision && !belongs_on_page(decision.failure())) return decision.failure();
  if (!decision) return pair_page(site, request, &decision.failure());
  const std::string path = is_id("rev", next) ? "/review/" + next : "/review";
  return Response::see_other(pages::link(request, path + "?done=" + decision->event_id));
}

}  // namespace

void add_review_routes(http::Router& router, const Site& site) {
  router.add({.path = "/review", .access = for_reviewers(), .handler = [site](const Request& r) { return list_page(site, r); }, .summary = "Doubtful pairs"});
  router.add({.path = "/review/{task_id}", .access = for_reviewers(), .handler = [site](const Request& r) { return pair_page(site, r, nullptr); }, .summary = "A doubtful pair"});
  router.add({.method = http::Method::post, .path = "/review/{task_id}", .access = for_reviewers(), .handler = [site](const Request& r) { return decide(site, r); },
              .summary = "One person or two"});
}

}  // namespace motcua::identity
