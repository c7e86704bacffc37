// The tracer's side: a code for a case, on a page and by API.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "platform/config/config.hpp"
#include "platform/i18n/format.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/exposure/routes.hpp"

namespace motcua::exposure {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

http::Access tracers() { return http::Access::roles({"tracer", "tracing_supervisor"}, "contact-tracing"); }

/// "12345 67890": as it is read out.
std::string in_groups(const std::string& code) { return code.substr(0, 5) + ' ' + code.substr(5); }

Result<CodeInput> input_of(const std::string& case_id, const std::string& type, const std::string& onset) {
  CodeInput input{.case_id = case_id};
  const auto read = parse_report_type(type.empty() ? "confirmed" : type);
  if (!read) return invalid("exposure.type_unknown", "report_type");
  input.type = *read;
  if (onset.empty()) return input;
  const auto date = parse_date(onset);
  if (!date || !date->full()) return invalid("date.unreadable", "onset");
  input.onset = Date{std::chrono::year{date->year}, std::chrono::month(static_cast<unsigned>(date->month)), std::chrono::day(static_cast<unsigned>(date->day))};
  return input;
}

struct Codes {
  House& house;
  Exposure& exposure;

  std::string text(const Request& request, const std::string& key, const i18n::Args& args = {}) const { return house.texts.text(request.lang, key, args); }

  json::array rows_of(const Request& request, const CasePageOfCodes& of) const {
    json::array rows;
    for (const auto& code : of.codes)
      rows.push_back(json::object{{"type", text(request, "exposure.type_" + std::string(to_text(code.type)))}, {"state", text(request, "exposure.state_" + code.state)},
                                  {"tone", code.state == "open" ? "ok" : ""}, {"issued", i18n::date_time(request.lang, code.issued_at)},
                                  {"expires", i18n::date_time(request.lang, code.expires_at)}});
    return rows;
  }

  Result<Response> page(const Request& request, const IssuedCode* issued, const Failure* failure) const {
    const std::string case_id = request.param("case_id");
    TRY_ASSIGN(const auto of, exposure.list_codes(tracing::tracer_of(request, "exposure.list_codes"), case_id));
    json::array types;
    for (const char* type : {"confirmed", "likely", "negative"})
      types.push_back(json::object{{"value", type}, {"label", text(request, std::string("exposure.type_") + type)},
                                   {"checked", (request.form_value("report_type").empty() ? "confirmed" : request.form_value("report_type")) == type}});
    const std::string name = of.full_name.reveal(), case_path = "/cases/" + of.case_id, title = text(request, "exposure.codes_title");
    json::object context{{"name", name}, {"case_href", pages::link(request, case_path)}, {"action", pages::link(request, request.path)}, {"types", std::move(types)},
                         {"onset", issued ? "" : request.form_value("onset")}, {"rows", rows_of(request, of)}, {"any", !of.codes.empty()}, {"issued", issued != nullptr},
                         {"authority", house.settings.text("exposure.health_authority")}};
    if (issued) {
      context["code"] = in_groups(issued->code.reveal());
      context["until"] = text(request, "exposure.code_until", {{"when", i18n::date_time(request.lang, issued->expires_at)}});
    }
    if (failure) pages::put_errors(house.texts, request.lang, {*failure}, context);
    const pages::PageFrame frame{.title = title, .active = "tracing.nav_cases", .crumbs = {{text(request, "tracing.cases_title"), "/cases"}, {name, case_path}, {title, ""}}};
    const int status = !failure ? 200 : failure->kind == FailureKind::conflict ? 409 : 422;
    return Response::html(house.pages.render(request, "exposure/codes", std::move(context), frame), status);
  }

  Result<Response> issue(const Request& request) const {
    const auto input = input_of(request.param("case_id"), request.form_value("report_type"), request.form_value("onset"));
    if (!input) return page(request, nullptr, &input.failure());
    const auto issued = exposure.issue_code(tracing::tracer_of(request, "exposure.issue_code"), *input);
    if (issued) return page(request, &*issued, nullptr);   // shown once, in this answer: nothing of it is kept to be shown again
    if (issued.failure().kind != FailureKind::invalid && issued.failure().kind != FailureKind::conflict) return issued.failure();
    return page(request, nullptr, &issued.failure());
  }

  Result<Response> issue_by_api(const Request& request) const {
    std::error_code error;
    const auto value = json::parse(request.body.empty() ? "{}" : request.body, error);
    if (error || !value.is_object()) return invalid("exposure.body_unreadable", "body");
    const auto text_at = [&](const char* name) {
      const auto* found = value.as_object().if_contains(name);
      return found && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    TRY_ASSIGN(const auto input, input_of(request.param("case_id"), text_at("report_type"), text_at("onset")));
    TRY_ASSIGN(const auto issued, exposure.issue_code(tracing::tracer_of(request, "exposure.issue_code"), input));
    auto response = Response::json(json::serialize(json::object{{"code_id", issued.code_id}, {"code", issued.code.reveal()}, {"expires_at", to_iso(issued.expires_at)},
                                                                 {"health_authority", house.settings.text("exposure.health_authority")}}), 201);
    response.memorable = false;                            // a code is kept nowhere but as a hash
    return response;
  }
};

constexpr const char* code_schema = R"({"type":"object","properties":{"report_type":{"enum":["confirmed","likely","negative"]},"onset":{"type":"string","format":"date"}}})";

}  // namespace

void add_code_routes(http::Router& router, House& house, Exposure& exposure) {
  const auto codes = std::make_shared<Codes>(Codes{house, exposure});
  house.pages.add_related("case", {"exposure.related_codes", "/cases/{id}/exposure-codes", tracers().allowed(), 10});
  using enum http::Method;
  router.add({.path = "/cases/{case_id}/exposure-codes", .access = tracers(), .handler = [codes](const Request& r) { return codes->page(r, nullptr, nullptr); },
              .summary = "Codes with which this case's phone publishes its keys"});
  router.add({.method = post, .path = "/cases/{case_id}/exposure-codes", .access = tracers(), .handler = [codes](const Request& r) { return codes->issue(r); }, .summary = "A code, shown once"});
  router.add({.method = post, .path = "/api/v1/cases/{case_id}/exposure-codes", .access = tracers(), .handler = [codes](const Request& r) { return codes->issue_by_api(r); },
              .summary = "A one-time code with which this case's phone publishes its keys", .parameters = {{"case_id", "path", "cas_...", true}}, .request_schema = code_schema});
}

}  // namespace motcua::exposure
