// A dose file to be repaired: given, looked through, reported, applied. Works without JavaScript; upload.js adds progress.
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "platform/audit/audit.hpp"
#include "platform/auth/access.hpp"
#include "platform/config/config.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/identity/repair_desk.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> roles = {"reviewer", "tracing_supervisor"};
constexpr int repairs_shown = 50;

http::Access for_repairers() { return http::Access::roles(roles, "identity-review"); }

Result<Viewer> viewer_of(const Request& request, std::string action) {
  TRY_ASSIGN(auto act, auth::act_of(request, {"reviewer", "tracing_supervisor"}, "identity-review", std::move(action)));
  return Viewer{std::move(act), auth::areas_of(*request.principal, {"reviewer", "tracing_supervisor"})};
}

/// Each sees the files she gave herself: a report holds the names of people.
bool is_theirs(const Request& request, const RepairRun& run) { return request.principal && run.actor == request.principal->account; }

json::object show_run(const Site& site, const Request& request, const RepairRun& run) {
  const bool ended = run.ended_at.has_value();
  const char* state = !ended ? "working" : run.state == RepairState::refused ? "refused" : run.state == RepairState::applied ? "applied" : "looked_through";
  const char* tone = !ended ? "info" : run.state == RepairState::refused ? "bad" : run.state == RepairState::applied ? "ok" : "warn";
  const RepairSummary& s = run.summary;
  json::object out{{"href", pages::link(request, "/repairs/" + run.repair_id)}, {"given", site.when(request, run.given_at)}, {"state", site.text(request, std::string("identity.repair_") + state)},
                   {"tone", tone}, {"running", !ended}, {"ended", ended}, {"read", i18n::number(s.read)}, {"right", i18n::number(s.right)}, {"repaired", i18n::number(s.repaired)},
                   {"review", i18n::number(s.review)}, {"left", i18n::number(s.left)}, {"recorded", i18n::number(s.recorded)}, {"applied", run.state == RepairState::applied},
                   {"may_apply", ended && run.state == RepairState::looked_through}, {"reported", ended && run.state != RepairState::refused}};
  if (!run.failure_code.empty()) out["failure"] = site.house->texts.sentence(request.lang, invalid(run.failure_code));
  return out;
}

Result<Response> list_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto runs, site.house->database.read_value([](storage::Reader& reader) { return list_repairs(reader, repairs_shown); }));
  json::array rows;
  for (const auto& run : runs)
    if (is_theirs(request, run)) rows.push_back(show_run(site, request, run));
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}};
  return site.page(request, "identity/repairs", std::move(context), {.title = site.text(request, "identity.repairs_title"), .active = "identity.nav_repairs", .scripts = {"upload.js"}},
                   failure);
}

Result<Response> give(const Site& site, const Request& request) {
  if (request.files.empty() || request.files.front().bytes == 0) {
    const auto failure = invalid("identity.repair_file_missing", "file");
    return list_page(site, request, &failure);
  }
  TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.give_repair"));
  TRY_ASSIGN(const auto id, give_repair(*site.house, viewer.act, request.files.front().path, viewer.areas, request.lang));
  return Response::see_other(pages::link(request, "/repairs/" + id));
}

Result<RepairRun> run_of(const Site& site, const Request& request) {
  TRY_ASSIGN(auto run, site.house->database.read_value([&](storage::Reader& reader) { return get_repair(reader, request.param("repair_id")); }));
  if (!is_theirs(request, run)) return not_found("identity.no_such_repair");
  return run;
}

Result<Response> report_page(const Site& site, const Request& request, const Failure* failure) {
  TRY_ASSIGN(const auto run, run_of(site, request));
  json::object context = show_run(site, request, run);
  context["live"] = pages::link(request, request.path + "?part=1");
  context["here"] = pages::link(request, request.path);
  context["report_href"] = pages::link(request, "/repairs/" + run.repair_id + "/report.csv");
  if (!request.query_value("part").empty()) return Response::html(site.house->pages.render_part(request, "identity/repair_report", std::move(context)));
  const std::string title = site.text(request, "identity.repair_title");
  return site.page(request, "identity/repair", std::move(context),
                   {.title = title, .active = "identity.nav_repairs", .crumbs = {{site.text(request, "identity.repairs_title"), "/repairs"}, {title, ""}}, .scripts = {"upload.js"}}, failure);
}

Result<Response> apply(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto run, run_of(site, request));
  TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.apply_repair"));
  const auto done = apply_repair(*site.house, viewer.act, run.repair_id, viewer.areas, request.lang);
  if (done) return Response::see_other(pages::link(request, "/repairs/" + run.repair_id));
  if (!belongs_on_page(done.failure())) return done.failure();
  return report_page(site, request, &done.failure());
}

Result<Response> report_file(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto run, run_of(site, request));
  TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.download_repair"));
  std::ifstream file(report_path(*site.house, run.repair_id), std::ios::binary);
  if (!file) return not_found("identity.no_such_repair");
  TRY(audit::record_read(site.house->database, viewer.act, {{.action = "identity.download_repair", .object = run.repair_id, .read = true}}));
  std::ostringstream content;
  content << file.rdbuf();
  return Response::csv(content.str(), run.repair_id);
}

/// From the person's page: who is right, the source or the record?
Result<Response> settle(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.decide_correction"));
  const std::string person = request.param("person_id"), right = request.form_value("right");
  if (right != "source" && right != "record") return invalid("identity.decision_needed", "right");
  TRY(decide_correction(*site.house, *site.identity, viewer, person, request.form_value("subject"), request.form_value("field"), right == "source"));
  return Response::see_other(pages::link(request, "/people/" + person));
}

}  // namespace

void add_repair_routes(http::Router& router, const Site& site) {
  using enum http::Method;
  site.house->pages.add_navigation({"identity.nav_repairs", "/repairs", roles, 42});
  router.add({.path = "/repairs", .access = for_repairers(), .handler = [site](const Request& r) { return list_page(site, r, nullptr); }, .summary = "Dose files to repair"});
  router.add({.method = post, .path = "/repairs", .access = for_repairers(), .handler = [site](const Request& r) { return give(site, r); }, .summary = "Give a dose file to repair",
              .body_max_bytes = static_cast<std::size_t>(site.house->settings.integer("imports.upload_bytes_max")), .upload = true});
  router.add({.path = "/repairs/{repair_id}", .access = for_repairers(), .handler = [site](const Request& r) { return report_page(site, r, nullptr); }, .summary = "What was found in a dose file"});
  router.add({.method = post, .path = "/repairs/{repair_id}/apply", .access = for_repairers(), .handler = [site](const Request& r) { return apply(site, r); }, .summary = "Apply a repair"});
  router.add({.method = post, .path = "/people/{person_id}/corrections", .access = for_repairers(), .handler = [site](const Request& r) { return settle(site, r); },
              .summary = "Decide a proposed correction"});
  router.add({.path = "/repairs/{repair_id}/report.csv", .access = for_repairers(), .handler = [site](const Request& r) { return report_file(site, r); }, .summary = "Every row of a dose file, with what is wrong"});
}

}  // namespace motcua::identity
