#include "rooms/identity/routes_api.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "platform/auth/access.hpp"
#include "platform/i18n/i18n.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::identity {
namespace {

namespace json = boost::json;

constexpr int search_results_max = 10;
const auth::RoleNames reviewers = {"reviewer", "tracer", "tracing_supervisor"};

http::Access review_access() { return http::Access::roles({"reviewer", "tracer", "tracing_supervisor"}, "identity-review"); }

Result<Viewer> viewer_of(const http::Request& request, std::string action) {
  TRY_ASSIGN(Act act, auth::act_of(request, reviewers, "identity-review", std::move(action)));
  return Viewer{std::move(act), auth::areas_of(*request.principal, reviewers)};
}

Result<json::object> body_of(const http::Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("identity.body_unreadable", "body");
  return std::move(value.as_object());
}
std::string text_of(const json::object& body, std::string_view field) {
  const auto* value = body.if_contains(field);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

json::object to_json(const PersonSummary& p) {
  return {{"person_id", p.person_id}, {"full_name", p.full_name.reveal()}, {"birth", p.birth}, {"sex", p.sex},
          {"phone", p.phone.reveal()}, {"phone_shared_by", p.phone_shared_by}, {"ward_code", p.ward_code},
          {"address", p.address.reveal()}, {"records", p.records}};
}
json::object to_json(const RecordView& r) {
  return {{"subject", r.subject}, {"source", r.source}, {"record_id", r.record_id}, {"kind", r.kind},
          {"full_name", r.full_name.reveal()}, {"birth", r.birth}, {"sex", r.sex}, {"phone", r.phone.reveal()},
          {"id_number", r.id_number.reveal()}, {"ward_code", r.ward_code}, {"decided_by", r.decided_by}, {"probability", r.probability}};
}
/// The waterfall of a pair, in words too: prior + the bits of all bars = bits.
json::object to_json(const House& house, const http::Request& request, const Waterfall& why) {
  json::array evidence;
  for (const auto& bar : why.bars) {
    json::object row{{"field", bar.field}, {"level", bar.level}, {"text", house.texts.text(request.lang, "identity.level." + bar.level)}, {"bits", bar.bits}};
    if (bar.m > 0) row["m"] = bar.m, row["u"] = bar.u;
    evidence.push_back(std::move(row));
  }
  json::object out{{"prior_bits", why.prior_bits}, {"evidence", std::move(evidence)}, {"bits", why.bits}, {"probability", why.probability}, {"veto", nullptr}};
  if (!why.veto.empty()) out["veto"] = why.veto;
  return out;
}
json::object with_reason(const House& house, const http::Request& request, const RecordView& record) {
  json::object out = to_json(record);
  out["partner"] = record.partner.empty() ? json::value(nullptr) : json::value(record.partner);
  json::array corrections;
  for (const auto& c : record.corrections)
    corrections.push_back(json::object{{"field", c.field}, {"says", c.says.reveal()}, {"should_say", c.should_say.reveal()}, {"source", c.source.reveal()}, {"proposed", c.proposed}});
  out["corrections"] = std::move(corrections);
  out["why"] = record.why ? json::value(to_json(house, request, *record.why)) : json::value(nullptr);
  return out;
}
http::Response answer(const json::value& value, int status = 200) { return http::Response::json(json::serialize(value), status); }

struct Api {
  House& house;
  Identity& identity;

  /// What one looks for stands in the body: a phone or a name in an address would end up in logs.
  Result<http::Response> search(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.find_person"));
    const Identity::Query query{text_of(body, "phone"), text_of(body, "id_number"), text_of(body, "full_name"), text_of(body, "birth")};
    TRY_ASSIGN(const auto found, identity.find_person(viewer.act, query, search_results_max));
    json::array rows;
    for (const auto& candidate : found) {
      if (!auth::may(*request.principal, reviewers, candidate.person.ward_code, house.units)) continue;
      json::array reasons;
      for (const auto& [code, bits] : candidate.reasons) reasons.push_back(json::object{{"code", code}, {"bits", bits}});
      auto row = to_json(candidate.person);
      row["probability"] = candidate.probability;
      row["reasons"] = std::move(reasons);
      rows.push_back(std::move(row));
    }
    return answer(json::object{{"candidates", std::move(rows)}});
  }

  Result<http::Response> person(const http::Request& request) const {
    TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.view_person"));
    TRY_ASSIGN(const auto view, identity.view_person(viewer, request.param("person_id")));
    auto out = to_json(view.summary);
    json::array records;
    for (const auto& record : view.records) records.push_back(with_reason(house, request, record));
    out["source_records"] = std::move(records);
    return answer(std::move(out));
  }

  Result<http::Response> review(const http::Request& request) const {
    TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.open_review"));
    TRY_ASSIGN(const auto pair, identity.open_review(viewer, request.param("task_id")));
    constexpr const char* states[] = {"open", "accepted", "rejected"};
    return answer(json::object{{"task_id", pair.task.task_id}, {"state", states[static_cast<int>(pair.task.state)]}, {"probability", pair.task.probability},
                               {"a", to_json(pair.a)}, {"b", to_json(pair.b)}, {"why", to_json(house, request, pair.why)}});
  }

  Result<http::Response> decide(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    TRY_ASSIGN(const auto viewer, viewer_of(request, "identity.decide_review"));
    const auto* same = body.if_contains("same_person");
    if (!same || !same->is_bool()) return invalid("identity.decision_needed", "same_person");
    TRY_ASSIGN(const auto decision, identity.decide_review(viewer, request.param("task_id"), same->as_bool()));
    json::array persons(decision.person_ids.begin(), decision.person_ids.end());
    return answer(json::object{{"event_id", decision.event_id}, {"person_ids", std::move(persons)}});
  }
};

constexpr const char* search_schema = R"({"type":"object","properties":{"phone":{"type":"string"},"id_number":{"type":"string"},
"full_name":{"type":"string"},"birth":{"type":"string"}}})";
constexpr const char* decision_schema = R"({"type":"object","required":["same_person"],"properties":{"same_person":{"type":"boolean"}}})";

}  // namespace

void add_api_routes(http::Router& router, House& house, Identity& identity) {
  const auto api = std::make_shared<Api>(Api{house, identity});
  using enum http::Method;
  router.add({.method = post, .path = "/api/v1/persons/search", .access = review_access(),
              .handler = [api](const http::Request& r) { return api->search(r); },
              .summary = "Who is this? Ranked persons with the reasons", .request_schema = search_schema});
  router.add({.method = get, .path = "/api/v1/persons/{person_id}", .access = review_access(),
              .handler = [api](const http::Request& r) { return api->person(r); }, .summary = "A person and the records it is made of",
              .parameters = {{"person_id", "path", "per_...", true}}});
  router.add({.method = get, .path = "/api/v1/reviews/{task_id}", .access = review_access(),
              .handler = [api](const http::Request& r) { return api->review(r); }, .summary = "A doubtful pair, and the waterfall of its probability",
              .parameters = {{"task_id", "path", "rev_...", true}}});
  router.add({.method = post, .path = "/api/v1/reviews/{task_id}/decision", .access = review_access(),
              .handler = [api](const http::Request& r) { return api->decide(r); }, .summary = "Decide a doubtful pair",
              .parameters = {{"task_id", "path", "rev_...", true}}, .request_schema = decision_schema});
}

}  // namespace motcua::identity
