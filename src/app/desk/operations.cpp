// Jobs: what waits, and what kept failing and was laid aside.
#include <boost/json.hpp>

#include "app/desk/site.hpp"
#include "platform/events/events.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app::desk {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> operation_roles = {"administrator", "tracing_supervisor"};
constexpr auto purpose = "operations";
constexpr int letters_a_page = 50;

Result<Response> jobs_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto stats, site.house->bus.stats());
  TRY_ASSIGN(const auto letters, site.house->bus.list_dead_letters(letters_a_page, request.query_value("before")));
  json::array rows;
  for (const auto& letter : letters) {
    const std::string sentence = site.house->texts.sentence(request.lang, internal(letter.failure, ""));
    rows.push_back(json::object{{"id", letter.id}, {"event", letter.event}, {"handler", letter.handler}, {"tries", i18n::number(letter.tries)},
                                {"failed", site.when(request, letter.failed_at)}, {"ago", site.how_long_ago(request, letter.failed_at)},
                                {"failure", letter.failure}, {"sentence", sentence}});
  }
  json::object context{{"pending", i18n::number(stats.pending)}, {"dead", i18n::number(stats.dead)},
                       {"oldest", i18n::minutes(site.house->texts, request.lang, static_cast<double>(stats.oldest_seconds) / 60)},
                       {"letters", std::move(rows)}, {"any", !letters.empty()}};
  if (letters.size() == letters_a_page) context["older"] = pages::link(request, "/operations?before=" + letters.back().id);
  return Response::html(site.house->pages.render(request, "desk/jobs", std::move(context),
                                                 {.title = site.text(request, "desk.jobs_title"), .active = "desk.nav_jobs"}));
}

Result<Response> settle(const Site& site, const Request& request, bool retry) {
  TRY_ASSIGN(const auto act, auth::act_of(request, {"administrator", "tracing_supervisor"}, purpose,
                                          retry ? "events.retry_dead_letter" : "events.discard_dead_letter"));
  TRY(retry ? site.house->bus.retry(act, request.param("letter_id")) : site.house->bus.discard(act, request.param("letter_id")));
  return Response::see_other(pages::link(request, "/operations"));
}

}  // namespace

void add_operation_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"desk.nav_jobs", "/operations", operation_roles, 520,
                                    [house = site.house](const Request&) -> Result<std::int64_t> {
                                      TRY_ASSIGN(const auto letters, house->bus.list_dead_letters(pages::badge_max + 1));
                                      return static_cast<std::int64_t>(letters.size());
                                    }});
  const auto access = [] { return http::Access::roles(operation_roles, purpose); };
  router.add({.path = "/operations", .access = access(), .handler = [site](const Request& r) { return jobs_page(site, r); },
              .summary = "Jobs and dead letters"});
  router.add({.method = http::Method::post, .path = "/operations/{letter_id}/retry", .access = access(),
              .handler = [site](const Request& r) { return settle(site, r, true); }, .summary = "Try a dead letter again"});
  router.add({.method = http::Method::post, .path = "/operations/{letter_id}/discard", .access = access(),
              .handler = [site](const Request& r) { return settle(site, r, false); }, .summary = "Lay a dead letter aside for good"});
}

}  // namespace motcua::app::desk
