#pragma once
// The one table from kinds of failure to HTTP statuses, and the shapes of a refusal.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/http/message.hpp"

namespace motcua::http {

int status_of(FailureKind kind);
/// Failures whose code fixes a finer status than their kind: http.* (405, 408, 411, 414, 415, 417, 431, 501 ...).
int status_of(const Failure& failure);
std::string_view reason_of(int status);

/// RFC 9457 problem details with our members `code`, `field`, `row`, `request`; `sentence` is what a person reads.
std::string problem_json(int status, const Failure& failure, const std::string& sentence, const std::string& request_id);
/// Where refusals are FHIR's: an OperationOutcome (R4), as application/fhir+json.
inline constexpr std::string_view fhir_root = "/fhir/";
std::string operation_outcome(int status, const Failure& failure, const std::string& sentence);

}  // namespace motcua::http
