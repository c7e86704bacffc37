// What else is asked of a case, for programs.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "platform/i18n/i18n.hpp"
#include "rooms/tracing/routes.hpp"
#include "rooms/tracing/routes_api.hpp"

namespace motcua::tracing {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

http::Access tracers() { return http::Access::roles({"tracer", "tracing_supervisor"}, "contact-tracing"); }
json::value class_or_null(int level) { return level == 0 ? json::value(nullptr) : json::value("F" + std::to_string(level)); }
Response answer(json::object value) { return Response::json(json::serialize(value)); }

json::object to_json(const Site& site, const Request& request, const TraceContact& c) {
  return {{"person_id", c.person_id}, {"full_name", c.full_name.reveal()}, {"phone", c.phone.reveal()}, {"ward_code", c.ward_code}, {"via_person_id", c.via_person_id},
          {"first_contact_at", to_iso(c.first_contact_at)}, {"last_contact_at", to_iso(c.last_contact_at)}, {"minutes", c.minutes}, {"reason", site.say(request, c.reason)}};
}

Result<Response> compare(const Site& site, const Request& request) {
  CompareRequest question{.case_id = request.param("case_id"), .change = request.query_value("change")};
  if (const auto as_of = request.query_value("as_of"); !as_of.empty()) {
    const auto at = parse_instant(as_of);
    if (!at) return invalid(at.failure().code, "as_of");
    question.as_of = *at;
  }
  TRY_ASSIGN(question.onset_days, number_of(request, "onset_days", 0, -onset_days_max, onset_days_max));
  TRY_ASSIGN(question.page, number_of(request, "page", 1, 1, 1'000'000));
  TRY_ASSIGN(question.page_size, number_of(request, "page_size", 50, 1, page_size_max));
  TRY_ASSIGN(const auto found, site.tracing->compare(asker_of(request, question.as_of ? "tracing.view_as_of" : "tracing.view_what_if"), question));
  json::array rows;
  for (const auto& r : found.rows) {
    json::object row = to_json(site, request, r.contact);
    row["change"] = to_text(r.change);
    row["class_before"] = class_or_null(r.level_before);
    row["class_after"] = class_or_null(r.level_after);
    rows.push_back(std::move(row));
  }
  json::object counts;
  for (const Count& count : found.by_change) counts[count.key] = count.contacts;
  return answer({{"case_id", found.case_id}, {"infectious_from", to_iso(found.infectious_from)},
                 {"infectious_to", found.infectious_to ? json::value(to_iso(*found.infectious_to)) : json::value(nullptr)}, {"by_change", std::move(counts)}, {"total", found.total},
                 {"contacts", std::move(rows)}, {"partial", found.partial}});
}

Result<Response> places(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto found, site.tracing->list_places(asker_of(request, "tracing.view_places"), request.param("case_id")));
  json::array rows;
  for (const auto& p : found.rows)
    rows.push_back(json::object{{"place_code", p.place_code}, {"place_name", p.place_name}, {"kind", p.kind}, {"contacts", p.contacts}, {"f1", p.f1}, {"share", p.share},
                                {"first_at", to_iso(p.first_at)}, {"last_at", to_iso(p.last_at)}});
  return answer({{"case_id", found.case_id}, {"contacts", found.contacts}, {"left_out", found.left_out}, {"places", std::move(rows)}, {"partial", found.partial}});
}

Result<Response> sources(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto found, site.tracing->list_sources(asker_of(request, "tracing.view_sources"), request.param("case_id")));
  json::array rows;
  for (const auto& s : found.rows) {
    json::object row = to_json(site, request, s.contact);
    row["contacts_between"] = s.contact.level;
    row["strength"] = s.strength;
    row["case_id"] = s.case_id.empty() ? json::value(nullptr) : json::value(s.case_id);
    row["f1_of_other_cases"] = s.other_cases;
    rows.push_back(std::move(row));
  }
  return answer({{"case_id", found.case_id}, {"left_out", found.left_out}, {"candidates", std::move(rows)}, {"partial", found.partial}});
}

Result<Response> linked_cases(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto linked, site.tracing->list_linked_cases(asker_of(request, "tracing.list_linked_cases"), request.param("case_id")));
  json::array rows;
  for (const auto& c : linked) rows.push_back(json::object{{"case_id", c.summary.case_id}, {"person_id", c.summary.person_id}, {"sampled_at", to_iso(c.summary.sampled_at)}, {"shared", c.shared}});
  return answer({{"cases", std::move(rows)}});
}

Result<Response> bridges(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto found, site.tracing->list_bridges(asker_of(request, "tracing.view_bridges"), request.param("case_id"), request.param("other_id")));
  json::array rows;
  for (const auto& b : found.rows)
    rows.push_back(json::object{{"person_id", b.here.person_id}, {"full_name", b.here.full_name.reveal()}, {"ward_code", b.here.ward_code}, {"class", b.here.class_name},
                                {"reason", site.say(request, b.here.reason)}, {"class_there", b.there.class_name}, {"reason_there", site.say(request, b.there.reason)}});
  return answer({{"class_of_this_case_there", class_or_null(found.here_is)}, {"class_of_that_case_here", class_or_null(found.there_is)}, {"total", found.total},
                 {"people", std::move(rows)}});
}

}  // namespace

void add_inquiry_api_routes(http::Router& router, House& house, Tracing& tracing) {
  const Site site{&house, &tracing};
  const http::Parameter case_id{"case_id", "path", "cas_...", true};
  const auto add = [&](const char* path, Result<Response> (*handler)(const Site&, const Request&), const char* summary, std::vector<http::Parameter> parameters) {
    router.add({.path = std::string("/api/v1/cases/{case_id}/") + path, .access = tracers(), .handler = [site, handler](const Request& r) { return handler(site, r); },
                .summary = summary, .parameters = std::move(parameters)});
  };
  add("compare", compare, "What was known then beside now (as_of), or now beside what would be with other first symptoms (onset_days)",
      {case_id, {"as_of", "query", "a moment of the past", false}, {"onset_days", "query", "-7 to 7", false}, {"change", "query", "reclassified, added, gone, same", false},
       {"page", "query", "from 1", false}, {"page_size", "query", "rows of a page, at most 200", false}});
  add("places", places, "Places of most contacts", {case_id});
  add("sources", sources, "From whom the case may have it, ranked", {case_id});
  add("linked-cases", linked_cases, "Cases that share contacts with this one", {case_id});
  add("bridges/{other_id}", bridges, "The people who link two cases", {case_id, {"other_id", "path", "cas_...", true}});
}

}  // namespace motcua::tracing
