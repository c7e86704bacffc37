// What else is asked of a case: known then and now, what if, places, possible sources, people who link two cases.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

constexpr int rows_a_page = 50;

std::string class_text(int level) { return level == 0 ? "" : "F" + std::to_string(level); }
std::string percent(const Request& request, double share) {
  const auto tenths = static_cast<std::int64_t>(std::lround(share * 1000));
  return i18n::number(tenths / 10) + (request.lang == "vi" ? "," : ".") + std::to_string(tenths % 10) + " %";
}
std::string name_or(const Site& site, const Request& request, const Personal<std::string>& name) {
  return name.reveal().empty() ? site.text(request, "tracing.no_name") : name.reveal();
}

/// A page of one question: its title, the other questions beside it, and the way back.
Response question_page(const Site& site, const Request& request, const CaseSummary& one, const std::string& question, std::string_view page, json::object context,
                       const Failure* failure = nullptr) {
  const std::string path = "/cases/" + one.case_id;
  const std::string name = one.full_name.reveal();
  const std::string title = site.text(request, "tracing.ask_" + question);
  context["questions"] = questions(site, request, one.case_id, question);
  context["title"] = title;
  context["name"] = name;
  context["case_href"] = pages::link(request, path);
  return site.page(request, page, std::move(context),
                   {.title = title + " · " + name, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {name, path}, {title, ""}}}, failure);
}

json::object show_contact_row(const Site& site, const Request& request, const TraceContact& c, const std::string& contact_id) {
  return {{"name", name_or(site, request, c.full_name)}, {"href", contact_id.empty() ? "" : pages::link(request, "/contacts/" + contact_id)},
          {"reason", site.say(request, c.reason)}, {"when", i18n::interval(request.lang, c.first_contact_at, c.last_contact_at)},
          {"minutes", i18n::number(static_cast<std::int64_t>(c.minutes + 0.5))}, {"ward", site.ward(request, c.ward_code)}};
}

json::object show_comparison(const Site& site, const Request& request, const Comparison& found, const std::string& chosen) {
  json::array rows, changes;
  for (const auto& r : found.rows) {
    json::object row = show_contact_row(site, request, r.contact, r.contact_id);
    row["change"] = site.text(request, "tracing.change_" + std::string(to_text(r.change)));
    row["tone"] = r.change == Change::added ? "bad" : r.change == Change::reclassified ? "warn" : r.change == Change::same ? "ok" : "";
    row["before"] = class_text(r.level_before);
    row["after"] = class_text(r.level_after);
    row["moved"] = r.change == Change::reclassified;
    row["only"] = class_text(r.level_after == 0 ? r.level_before : r.level_after);
    rows.push_back(std::move(row));
  }
  for (const Count& count : found.by_change)
    changes.push_back(json::object{{"label", site.text(request, "tracing.change_" + count.key)}, {"count", i18n::number(count.contacts)}, {"current", count.key == chosen},
                                   {"href", pages::link_with(request, "change", count.key == chosen ? "" : count.key)}});
  return {{"any", !rows.empty()}, {"rows", std::move(rows)}, {"changes", std::move(changes)}, {"partial", found.partial},
          {"pagination", pages::pagination(site.house->texts, request, found.total, page_of(request), rows_a_page)}};
}

Result<Response> as_of_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  std::optional<Failure> failure;
  Instant at = view.confirmed_at;
  if (const auto asked = request.query_value("at"); !asked.empty()) {
    if (auto parsed = parse_instant(asked)) {
      at = *parsed;
    } else {
      failure = std::move(parsed).failure();
      failure->field = "at";
    }
  }
  const CompareRequest question{.case_id = id, .as_of = at, .change = request.query_value("change"), .page = page_of(request), .page_size = rows_a_page};
  TRY_ASSIGN(const auto found, site.tracing->compare(asker_for(request, "tracing.view_as_of"), question));
  json::object context = show_comparison(site, request, found, question.change);
  context["at_value"] = i18n::input_date_time(at);
  context["about"] = site.text(request, "tracing.as_of_about", {{"when", site.when(request, at)}});
  context["as_of"] = true;
  return question_page(site, request, view, "as-of", "tracing/compare", std::move(context), failure ? &*failure : nullptr);
}

Result<Response> what_if_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  const int days = std::clamp(std::atoi(request.query_value("days").c_str()), -onset_days_max, onset_days_max);
  const CompareRequest question{.case_id = id, .onset_days = days, .change = request.query_value("change"), .page = page_of(request), .page_size = rows_a_page};
  TRY_ASSIGN(const auto found, site.tracing->compare(asker_for(request, "tracing.view_what_if"), question));
  json::object context = show_comparison(site, request, found, question.change);
  json::array shifts;
  for (int n = -onset_days_max; n <= onset_days_max; ++n) {
    if (n == 0 && view.onset) continue;
    shifts.push_back(json::object{{"label", n > 0 ? "+" + std::to_string(n) : n < 0 ? "−" + std::to_string(-n) : "0"}, {"current", n == days},
                                  {"href", pages::link(request, "/cases/" + id + "/what-if") + "?days=" + std::to_string(n)}});
  }
  const std::string onset = found.onset ? i18n::date_short(request.lang, *found.onset) : "";
  const bool never = found.infectious_to && *found.infectious_to <= found.infectious_from;
  const std::string until = never                ? site.text(request, "tracing.what_if_never")
                            : found.infectious_to ? i18n::interval(request.lang, found.infectious_from, *found.infectious_to)
                                                  : site.text(request, "tracing.from_on", {{"from", site.when(request, found.infectious_from)}});
  context["shifts"] = std::move(shifts);
  context["about"] = site.text(request, view.onset ? "tracing.what_if_about" : "tracing.what_if_no_onset", {{"onset", onset}, {"infectious", until}});
  context["what_if"] = true;
  context["amend_href"] = pages::link(request, "/cases/" + id + "/amend") + "?days=" + std::to_string(days);
  context["asked"] = days != 0 || !view.onset;
  return question_page(site, request, view, "what-if", "tracing/compare", std::move(context));
}

Result<Response> places_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  TRY_ASSIGN(const auto found, site.tracing->list_places(asker_for(request, "tracing.view_places"), id));
  json::array rows;
  for (const PlaceShare& p : found.rows) {
    const std::string kind = site.text(request, "tracing.kind_" + p.kind);
    const std::string place = !p.place_name.empty() ? p.place_name : !p.place_code.empty() ? p.place_code : site.text(request, "tracing.no_place");
    rows.push_back(json::object{{"place", place}, {"kind", kind}, {"contacts", i18n::number(p.contacts)}, {"f1", i18n::number(p.f1)}, {"share", percent(request, p.share)},
                                {"percent", static_cast<int>(std::lround(p.share * 100))}, {"when", i18n::interval(request.lang, p.first_at, p.last_at)}});
  }
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"partial", found.partial}, {"left_out", found.left_out > 0 ? i18n::number(found.left_out) : ""}};
  return question_page(site, request, view, "places", "tracing/places", std::move(context));
}

/// From the case back to the candidate.
json::array show_steps(const Site& site, const Request& request, const std::vector<Step>& path) {
  json::array steps;
  int level = 0;
  for (const Step& step : path)
    steps.push_back(json::object{{"sentence", site.say(request, to_sentence(step, ++level))}, {"when", i18n::interval(request.lang, step.start, step.end)}});
  return steps;
}

Result<Response> sources_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  TRY_ASSIGN(const auto found, site.tracing->list_sources(asker_for(request, "tracing.view_sources"), id));
  json::array rows;
  int rank = 0;
  for (const SourceCandidate& s : found.rows) {
    json::object row = show_contact_row(site, request, s.contact, "");
    row["rank"] = ++rank;
    row["person_href"] = pages::link(request, "/people/" + s.contact.person_id);
    row["case_href"] = s.case_id.empty() ? "" : pages::link(request, "/cases/" + s.case_id);
    row["her_case"] = s.case_id.empty() ? "" : s.onset ? site.text(request, "tracing.source_case_onset", {{"day", i18n::date_short(request.lang, *s.onset)}})
                                                      : site.text(request, "tracing.source_case_sampled", {{"when", site.when(request, *s.sampled_at)}});
    row["others"] = s.other_cases == 0 ? "" : site.text(request, "tracing.source_other_cases", {{"n", i18n::number(s.other_cases)}});
    row["strength"] = percent(request, s.strength);
    row["distance"] = site.text(request, s.contact.level == 1 ? "tracing.source_direct" : "tracing.source_over_one");
    row["steps"] = show_steps(site, request, s.contact.path);
    rows.push_back(std::move(row));
  }
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"partial", found.partial}, {"left_out", found.left_out > 0 ? i18n::number(found.left_out) : ""}};
  return question_page(site, request, view, "sources", "tracing/sources", std::move(context));
}

Result<Response> bridges_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id");
  TRY_ASSIGN(const auto view, site.tracing->get_case(asker_for(request, "tracing.view_case"), id));
  TRY_ASSIGN(const auto linked, site.tracing->list_linked_cases(asker_for(request, "tracing.list_linked_cases"), id));
  json::array rows;
  for (const LinkedCase& c : linked) {
    json::object row = show_case(site, request, c.summary);
    row["shared"] = i18n::number(c.shared);
    row["bridges_href"] = pages::link(request, "/cases/" + id + "/bridges/" + c.summary.case_id);
    rows.push_back(std::move(row));
  }
  return question_page(site, request, view, "bridges", "tracing/linked_cases", {{"any", !rows.empty()}, {"rows", std::move(rows)}});
}

Result<Response> bridge_page(const Site& site, const Request& request) {
  const std::string id = request.param("case_id"), other = request.param("other_id");
  TRY_ASSIGN(const auto found, site.tracing->list_bridges(asker_for(request, "tracing.view_bridges"), id, other));
  json::array rows;
  for (const Bridge& b : found.rows) {
    json::object row = show_row(site, request, b.here);
    row["class_here"] = b.here.class_name;
    row["class_there"] = b.there.class_name;
    row["reason_there"] = site.say(request, b.there.reason);
    row["when_there"] = i18n::interval(request.lang, b.there.first_contact_at, b.there.last_contact_at);
    row["there_href"] = pages::link(request, "/contacts/" + b.there.contact_id);
    rows.push_back(std::move(row));
  }
  const std::string here = name_or(site, request, found.here.full_name), there = name_or(site, request, found.there.full_name);
  const std::string count = site.text(request, "tracing.bridges_count", {{"n", i18n::number(found.total)}});
  json::array direct;
  if (found.there_is > 0) direct.push_back(json::object{{"sentence", site.text(request, "tracing.bridge_direct", {{"a", there}, {"class", class_text(found.there_is)}, {"b", here}})}});
  if (found.here_is > 0) direct.push_back(json::object{{"sentence", site.text(request, "tracing.bridge_direct", {{"a", here}, {"class", class_text(found.here_is)}, {"b", there}})}});
  json::object context{{"any", !rows.empty()}, {"rows", std::move(rows)}, {"direct", std::move(direct)}, {"here", here}, {"other", there}, {"other_href", pages::link(request, "/cases/" + other)},
                       {"title", site.text(request, "tracing.bridge_title")}, {"name", here}, {"case_href", pages::link(request, "/cases/" + id)}, {"count", count},
                       {"left_out", found.total > bridges_max}, {"back_href", pages::link(request, "/cases/" + id + "/bridges")}};
  const std::string title = site.text(request, "tracing.bridge_title");
  return site.page(request, "tracing/bridges", std::move(context),
                   {.title = title + " · " + here, .active = "tracing.nav_cases",
                    .crumbs = {{site.text(request, "tracing.cases_title"), "/cases"}, {here, "/cases/" + id}, {site.text(request, "tracing.ask_bridges"), "/cases/" + id + "/bridges"}, {there, ""}}});
}

}  // namespace

json::array questions(const Site& site, const Request& request, const std::string& case_id, std::string_view current) {
  json::array out;
  for (const std::string name : {"as-of", "what-if", "places", "sources", "bridges"})
    out.push_back(json::object{{"label", site.text(request, "tracing.ask_" + name)}, {"href", pages::link(request, "/cases/" + case_id + "/" + name)}, {"current", name == current}});
  return out;
}

void add_inquiry_routes(http::Router& router, const Site& site) {
  const auto add = [&](const char* path, Result<Response> (*page)(const Site&, const Request&), const char* summary) {
    router.add({.path = path, .access = for_tracers(), .handler = [site, page](const Request& r) { return page(site, r); }, .summary = summary});
  };
  add("/cases/{case_id}/as-of", as_of_page, "What was known then, and what has been learned since");
  add("/cases/{case_id}/what-if", what_if_page, "Who is added and who goes when the first symptoms are moved");
  add("/cases/{case_id}/places", places_page, "Places of most contacts");
  add("/cases/{case_id}/sources", sources_page, "From whom the case may have it, ranked");
  add("/cases/{case_id}/bridges", bridges_page, "Cases that share contacts with this one");
  add("/cases/{case_id}/bridges/{other_id}", bridge_page, "The people who link two cases");
}

}  // namespace motcua::tracing
