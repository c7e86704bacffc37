#include "rooms/tracing/routes_api.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "platform/i18n/i18n.hpp"
#include "rooms/tracing/present.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::tracing {
namespace {

namespace json = boost::json;

http::Access tracers() { return http::Access::roles({"tracer", "tracing_supervisor"}, "contact-tracing"); }
http::Access followers() {
  return http::Access::roles({"tracer", "tracing_supervisor", "ward_health_worker"}, "contact-follow-up");
}

// ---- reading what a program sends

Result<json::object> body_of(const http::Request& request) {
  std::error_code error;
  auto value = json::parse(request.body, error);
  if (error || !value.is_object()) return invalid("tracing.body_unreadable", "body");
  return std::move(value.as_object());
}
Result<std::string> text_of(const json::object& body, std::string_view field) {
  const auto* value = body.if_contains(field);
  if (!value || value->is_null()) return std::string();
  if (!value->is_string()) return invalid("tracing.text_needed", std::string(field));
  return std::string(value->as_string());
}
Result<std::optional<Instant>> instant_of(const json::object& body, std::string_view field) {
  TRY_ASSIGN(const auto text, text_of(body, field));
  if (text.empty()) return std::optional<Instant>();
  auto at = parse_instant(text);
  if (!at) {
    at = Result<Instant>(invalid(at.failure().code, std::string(field)));
    return std::move(at).failure();
  }
  return std::optional<Instant>(*at);
}
Result<std::optional<Date>> day_of(const json::object& body, std::string_view field) {
  TRY_ASSIGN(const auto text, text_of(body, field));
  if (text.empty()) return std::optional<Date>();
  const auto date = parse_date(text);
  if (!date || !date->full()) return invalid("date.unreadable", std::string(field));
  return std::optional<Date>(Date{std::chrono::year{date->year}, std::chrono::month(static_cast<unsigned>(date->month)),
                                  std::chrono::day(static_cast<unsigned>(date->day))});
}
// ---- writing what it gets

json::value time_or_null(const std::optional<Instant>& t) { return t ? json::value(to_iso(*t)) : json::value(nullptr); }

json::object to_json(const CaseSummary& c) {
  return {{"case_id", c.case_id},     {"person_id", c.person_id},         {"full_name", c.full_name.reveal()}, {"ward_code", c.ward_code},
          {"policy", c.policy},       {"state", c.state},                 {"sampled_at", to_iso(c.sampled_at)},
          {"isolated_at", time_or_null(c.isolated_at)}, {"contacts", c.contacts}, {"f1", c.f1}, {"waiting", c.waiting}, {"version", c.version}};
}
json::array to_json(const std::vector<Count>& counts) {
  json::array out;
  for (const auto& count : counts) out.push_back(json::object{{"key", count.key}, {"contacts", count.contacts}});
  return out;
}
json::object to_json(const ContactRow& c, const Say& say) {
  json::array evidence(c.evidence.begin(), c.evidence.end());
  return {{"contact_id", c.contact_id},
          {"class", c.class_name},
          {"person_id", c.person_id},
          {"full_name", c.full_name.reveal()},
          {"phone", c.phone.reveal()},
          {"ward_code", c.ward_code},
          {"via_person_id", c.via_person_id},
          {"first_contact_at", to_iso(c.first_contact_at)},
          {"last_contact_at", to_iso(c.last_contact_at)},
          {"minutes", c.minutes},
          {"evidence", std::move(evidence)},
          {"reason", say_sentence(say, c.reason)},
          {"risk", c.risk},
          {"state", c.state},
          {"task_id", c.task_id},
          {"assignee", c.assignee},
          {"due_at", time_or_null(c.due_at)}};
}
json::object to_json(const TaskView& t) {
  return {{"task_id", t.task_id},   {"case_id", t.case_id},   {"contact_id", t.contact_id}, {"person_id", t.person_id},
          {"class", t.class_name},  {"ward_code", t.ward_code}, {"assignee", t.assignee},   {"state", t.state},
          {"full_name", t.full_name.reveal()}, {"phone", t.phone.reveal()}, {"due_at", time_or_null(t.due_at)},
          {"calls", t.calls},       {"version", t.version}};
}
http::Response answer(const json::value& value, int status = 200) { return http::Response::json(json::serialize(value), status); }

/// The routes and what they need, one member a route.
struct Api {
  House& house;
  Tracing& tracing;

  Say say(const http::Request& request) const {
    return [this, lang = request.lang](const std::string& key, const std::map<std::string, std::string>& values) {
      return house.texts.text(lang, key, values);
    };
  }

  Result<http::Response> list_cases(const http::Request& request) const {
    CaseFilter filter;
    filter.state = request.query_value("state");
    TRY_ASSIGN(filter.page, number_of(request, "page", 1, 1, 1'000'000));
    TRY_ASSIGN(filter.page_size, number_of(request, "page_size", 50, 1, page_size_max));
    TRY_ASSIGN(const auto page, tracing.list_cases(asker_of(request, "tracing.list_cases"), filter));
    json::array rows;
    for (const auto& row : page.rows) rows.push_back(to_json(row));
    return answer(json::object{{"total", page.total}, {"cases", std::move(rows)}});
  }

  Result<http::Response> confirm_case(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    CaseInput input;
    TRY_ASSIGN(input.person_id, text_of(body, "person_id"));
    TRY_ASSIGN(input.record_source, text_of(body, "record_source"));
    TRY_ASSIGN(input.record_id, text_of(body, "record_id"));
    TRY_ASSIGN(const auto sampled, instant_of(body, "sampled_at"));
    if (!sampled) return invalid("tracing.required", "sampled_at");
    input.sampled_at = *sampled;
    TRY_ASSIGN(input.onset, day_of(body, "onset"));
    TRY_ASSIGN(input.isolated_at, instant_of(body, "isolated_at"));
    TRY_ASSIGN(input.source_contact_at, instant_of(body, "source_contact_at"));
    TRY_ASSIGN(const auto id, tracing.confirm_case(asker_of(request, "tracing.confirm_case"), input));
    auto response = answer(json::object{{"case_id", id}}, 201);
    response.headers.emplace_back("Location", "/api/v1/cases/" + id);
    return response;
  }

  Result<http::Response> get_case(const http::Request& request) const {
    TRY_ASSIGN(const auto c, tracing.get_case(asker_of(request, "tracing.view_case"), request.param("case_id")));
    auto out = to_json(static_cast<const CaseSummary&>(c));
    out["infectious_from"] = to_iso(c.infectious_from);
    out["infectious_to"] = time_or_null(c.infectious_to);
    out["traced_at"] = time_or_null(c.traced_at);
    out["depth"] = c.depth;
    out["partial"] = c.partial;
    out["one_record"] = c.one_record;
    out["empty_trace"] = c.empty_trace;
    out["by_class"] = to_json(c.by_class);
    out["by_state"] = to_json(c.by_state);
    out["by_ward"] = to_json(c.by_ward);
    return answer(std::move(out));
  }

  Result<http::Response> list_contacts(const http::Request& request) const {
    ContactFilter filter;
    filter.case_id = request.param("case_id");
    filter.class_name = request.query_value("class");
    filter.ward_code = request.query_value("ward");
    filter.state = request.query_value("state");
    if (const auto sort = request.query_value("sort"); !sort.empty()) filter.sort = sort;
    filter.descending = request.query_value("order") == "desc";
    TRY_ASSIGN(filter.page, number_of(request, "page", 1, 1, 1'000'000));
    TRY_ASSIGN(filter.page_size, number_of(request, "page_size", 50, 1, page_size_max));
    TRY_ASSIGN(const auto page, tracing.list_contacts(asker_of(request, "tracing.list_contacts"), filter));
    json::array rows;
    for (const auto& row : page.rows) rows.push_back(to_json(row, say(request)));
    return answer(json::object{{"total", page.total}, {"contacts", std::move(rows)}});
  }

  Result<http::Response> trace(const http::Request& request) const {
    TraceRequest question;
    question.case_id = request.param("case_id");
    question.policy = request.query_value("policy");
    question.direction = request.query_value("direction") == "backward" ? Direction::backward : Direction::forward;
    TRY_ASSIGN(question.depth, number_of(request, "depth", 2, 1, trace_depth_max));
    if (const auto as_of = request.query_value("as_of"); !as_of.empty()) {
      const auto at = parse_instant(as_of);
      if (!at) return invalid(at.failure().code, "as_of");
      question.as_of = *at;
    }
    TRY_ASSIGN(const auto result, tracing.trace(asker_of(request, "tracing.trace"), question));
    return http::Response::json(tracing::to_json(result, say(request)));
  }

  Result<http::Response> list_tasks(const http::Request& request) const {
    TaskFilter filter;
    filter.case_id = request.query_value("case_id");
    filter.ward_code = request.query_value("ward");
    filter.state = request.query_value("state");
    filter.assignee = request.query_value("assignee");
    filter.overdue_only = request.query_value("overdue") == "true";
    TRY_ASSIGN(filter.page, number_of(request, "page", 1, 1, 1'000'000));
    TRY_ASSIGN(filter.page_size, number_of(request, "page_size", 50, 1, page_size_max));
    TRY_ASSIGN(const auto page, tracing.list_tasks(asker_of(request, "tracing.list_tasks", "contact-follow-up"), filter));
    json::array rows;
    for (const auto& row : page.rows) rows.push_back(to_json(row));
    return answer(json::object{{"total", page.total}, {"tasks", std::move(rows)}});
  }

  Result<http::Response> list_colleagues(const http::Request& request) const {
    std::vector<std::string> tasks;
    if (const auto id = request.query_value("task_id"); !id.empty()) tasks.push_back(id);
    TRY_ASSIGN(const auto colleagues, tracing.list_colleagues(tracer_of(request, "tracing.list_colleagues"), tasks));
    json::array rows;
    for (const auto& c : colleagues)
      rows.push_back(json::object{{"account", c.account}, {"name", c.display_name.reveal()}, {"open", c.open}, {"overdue", c.overdue}});
    return answer(json::object{{"colleagues", std::move(rows)}});
  }

  Result<http::Response> assign_task(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    TRY_ASSIGN(const auto account, text_of(body, "account"));
    const auto* version = body.if_contains("version");
    if (!version || !version->is_int64()) return invalid("tracing.required", "version");
    TRY(tracing.assign_task(asker_of(request, "tracing.assign_task", "contact-follow-up"), request.param("task_id"), static_cast<int>(version->as_int64()), account));
    return answer(json::object{{"assigned", !account.empty()}});
  }

  Result<http::Response> assign_tasks(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    TRY_ASSIGN(const auto account, text_of(body, "account"));
    TaskChoice choice;
    const auto* ids = body.if_contains("task_ids");
    if (!ids || !ids->is_array()) return invalid("tracing.required", "task_ids");
    for (const auto& id : ids->as_array()) {
      if (!id.is_string()) return invalid("tracing.text_needed", "task_ids");
      choice.task_ids.emplace_back(id.as_string());
    }
    TRY_ASSIGN(const auto sum, tracing.assign_tasks(tracer_of(request, "tracing.assign_task"), choice, account));
    return answer(json::object{{"given", sum.given}, {"left", sum.left}});
  }

  Result<http::Response> record_call(const http::Request& request) const {
    TRY_ASSIGN(const auto body, body_of(request));
    CallInput call;
    TRY_ASSIGN(call.outcome, text_of(body, "outcome"));
    TRY_ASSIGN(call.note, text_of(body, "note"));
    TRY_ASSIGN(call.appointment_at, instant_of(body, "appointment_at"));
    const auto* version = body.if_contains("version");
    if (!version || !version->is_int64()) return invalid("tracing.required", "version");
    TRY(tracing.record_call(asker_of(request, "tracing.record_call", "contact-follow-up"), request.param("task_id"),
                            static_cast<int>(version->as_int64()), call));
    return answer(json::object{{"recorded", true}}, 201);
  }
};

const std::vector<http::Parameter> paging = {{"page", "query", "from 1", false}, {"page_size", "query", "rows of a page, at most 200", false}};

std::vector<http::Parameter> with_paging(std::vector<http::Parameter> own) {
  own.insert(own.end(), paging.begin(), paging.end());
  return own;
}

constexpr const char* case_schema = R"({"type":"object","required":["sampled_at"],"properties":{
"person_id":{"type":"string"},"record_source":{"type":"string"},"record_id":{"type":"string"},
"sampled_at":{"type":"string","format":"date-time"},"onset":{"type":"string","format":"date"},
"isolated_at":{"type":"string","format":"date-time"},"source_contact_at":{"type":"string","format":"date-time"}}})";
constexpr const char* call_schema = R"({"type":"object","required":["outcome","version"],"properties":{
"outcome":{"enum":["reached","no_answer","wrong_number","refused","moved","appointment"]},"note":{"type":"string"},
"appointment_at":{"type":"string","format":"date-time"},"version":{"type":"integer"}}})";
constexpr const char* assignee_schema = R"({"type":"object","required":["account","version"],"properties":{
"account":{"type":"string","description":"acc_..., or empty: nobody"},"version":{"type":"integer"}}})";
constexpr const char* assignees_schema = R"({"type":"object","required":["account","task_ids"],"properties":{
"account":{"type":"string"},"task_ids":{"type":"array","maxItems":500,"items":{"type":"string"}}}})";

}  // namespace

Result<int> number_of(const http::Request& request, const std::string& name, int fallback, int min, int max) {
  const std::string text = request.query_value(name);
  if (text.empty()) return fallback;
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < min || n > max)
    return invalid("tracing.number_out_of_range", name, {{"min", std::to_string(min)}, {"max", std::to_string(max)}});
  return n;
}

void add_api_routes(http::Router& router, House& house, Tracing& tracing) {
  const auto api = std::make_shared<Api>(Api{house, tracing});
  const auto call = [api](Result<http::Response> (Api::*member)(const http::Request&) const) {
    return http::Handler([api, member](const http::Request& request) { return ((*api).*member)(request); });
  };
  add_inquiry_api_routes(router, house, tracing);
  const http::Parameter case_id{"case_id", "path", "cas_...", true};
  using enum http::Method;
  router.add({.method = get, .path = "/api/v1/cases", .access = followers(), .handler = call(&Api::list_cases), .summary = "Cases, newest first",
              .parameters = with_paging({{"state", "query", "open, closed", false}})});
  router.add({.method = post, .path = "/api/v1/cases", .access = tracers(), .handler = call(&Api::confirm_case),
              .summary = "Confirm a case: makes an F0 and traces it", .request_schema = case_schema});
  router.add({.method = get, .path = "/api/v1/cases/{case_id}", .access = followers(), .handler = call(&Api::get_case),
              .summary = "One case with counts of its contacts", .parameters = {case_id}});
  router.add({.method = get, .path = "/api/v1/cases/{case_id}/contacts", .access = followers(), .handler = call(&Api::list_contacts),
              .summary = "Contacts of a case, from the stored trace",
              .parameters = with_paging({case_id, {"class", "query", "F1, F2 ...", false}, {"ward", "query", "unit code", false},
                                         {"state", "query", "state of the follow-up", false},
                                         {"sort", "query", "class, minutes, name, ward, last_contact, due", false}, {"order", "query", "asc, desc", false}})});
  router.add({.method = get, .path = "/api/v1/cases/{case_id}/trace", .access = tracers(), .handler = call(&Api::trace),
              .summary = "Trace anew without storing: any depth, day or policy",
              .parameters = {case_id, {"depth", "query", "1 to 9", false}, {"as_of", "query", "what was known then", false},
                             {"policy", "query", "name of a policy", false}, {"direction", "query", "forward, backward", false}}});
  router.add({.method = get, .path = "/api/v1/tasks", .access = followers(), .handler = call(&Api::list_tasks), .summary = "Follow-up tasks",
              .parameters = with_paging({{"case_id", "query", "cas_...", false}, {"ward", "query", "unit code", false},
                                         {"state", "query", "open, trying, appointment, done, lost", false}, {"assignee", "query", "acc_...", false}, {"overdue", "query", "true", false}})});
  router.add({.method = get, .path = "/api/v1/colleagues", .access = tracers(), .handler = call(&Api::list_colleagues),
              .summary = "Who works in one's areas, or where a task is, and how much each has to do", .parameters = {{"task_id", "query", "tsk_...", false}}});
  router.add({.method = post, .path = "/api/v1/tasks/assignees", .access = tracers(), .handler = call(&Api::assign_tasks),
              .summary = "Give tasks to a colleague; what cannot be given is left and counted", .request_schema = assignees_schema});
  router.add({.method = post, .path = "/api/v1/tasks/{task_id}/assignee", .access = followers(), .handler = call(&Api::assign_task),
              .summary = "Take a task, let it go, or give it to a colleague", .parameters = {{"task_id", "path", "tsk_...", true}}, .request_schema = assignee_schema});
  router.add({.method = post, .path = "/api/v1/tasks/{task_id}/calls", .access = followers(), .handler = call(&Api::record_call),
              .summary = "Record the result of a follow-up call", .parameters = {{"task_id", "path", "tsk_...", true}}, .request_schema = call_schema});
}

}  // namespace motcua::tracing
