#include "platform/http/failure.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace motcua::http {
namespace {

struct Finer {
  std::string_view code;
  int status;
};
constexpr Finer finer[] = {
    {"http.method_not_allowed", 405},
    {"http.timeout", 408},
    {"http.target_too_long", 414},
    {"http.media_type", 415},
    {"http.expectation", 417},
    {"http.idempotency_key_reused", 422},
    {"http.header_too_large", 431},
    {"http.method_unknown", 501},
    {"http.version", 505},
};

}  // namespace

int status_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::invalid: return 400;
    case FailureKind::not_found: return 404;
    case FailureKind::conflict: return 409;
    case FailureKind::unauthenticated: return 401;
    case FailureKind::forbidden: return 403;
    case FailureKind::too_large: return 413;
    case FailureKind::rate_limited: return 429;
    case FailureKind::unavailable: return 503;
    case FailureKind::corrupt:
    case FailureKind::internal: return 500;
  }
  return 500;
}

int status_of(const Failure& failure) {
  if (std::string_view(failure.code).starts_with("http."))
    for (const auto& [code, status] : finer)
      if (failure.code == code) return status;
  return status_of(failure.kind);
}

std::string_view reason_of(int status) {
  constexpr std::pair<int, std::string_view> reasons[] = {
      {100, "Continue"}, {200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {206, "Partial Content"},
      {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"}, {304, "Not Modified"}, {307, "Temporary Redirect"},
      {308, "Permanent Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
      {405, "Method Not Allowed"}, {406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
      {411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"}, {414, "URI Too Long"},
      {415, "Unsupported Media Type"}, {417, "Expectation Failed"}, {422, "Unprocessable Content"}, {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
      {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}};
  for (const auto& [known, reason] : reasons)
    if (known == status) return reason;
  return "Status";
}

std::string operation_outcome(int status, const Failure& failure, const std::string& sentence) {
  const char* type = status == 404 ? "not-found" : status == 401 ? "login" : status == 403 ? "forbidden" : status == 409 ? "conflict" : status == 429 || status == 503 ? "throttled"
                     : status == 405 ? "not-supported" : status >= 500 ? "exception" : "invalid";
  boost::json::object issue{{"severity", status >= 500 ? "fatal" : "error"}, {"code", type}, {"diagnostics", sentence},
                            {"details", boost::json::object{{"coding", boost::json::array{boost::json::object{{"system", "urn:motcua:failure"}, {"code", failure.code}}}}, {"text", sentence}}}};
  if (!failure.field.empty()) issue["expression"] = boost::json::array{failure.field};
  return boost::json::serialize(boost::json::object{{"resourceType", "OperationOutcome"}, {"issue", boost::json::array{std::move(issue)}}});
}

std::string problem_json(int status, const Failure& failure, const std::string& sentence, const std::string& request_id) {
  boost::json::object problem;
  problem["type"] = "about:blank";
  problem["title"] = reason_of(status);
  problem["status"] = status;
  problem["detail"] = sentence;
  problem["code"] = failure.code;
  if (!failure.field.empty()) problem["field"] = failure.field;
  if (failure.row) problem["row"] = *failure.row;
  if (!request_id.empty()) problem["request"] = request_id;
  return boost::json::serialize(problem);
}

}  // namespace motcua::http
