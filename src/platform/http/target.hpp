#pragma once
// Request targets, queries and urlencoded forms, read strictly: what is ambiguous is refused, not repaired.
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace motcua::http {

struct Target {
  std::string path;                                // decoded, without the language prefix, "/" at least
  std::string lang;                                // "vi", "en" or empty
  std::multimap<std::string, std::string> query;
};

/// Origin form ("/vi/cases?page=2") or absolute form ("http://host/vi/cases"). Failure `http.bad_target` (invalid): a control
/// character or NUL, an empty, "." or ".." segment, a backslash or an encoded slash, also when percent-encoded; a bad
/// percent triplet; a fragment; bytes that are not UTF-8. Failure `http.too_many_fields` (too_large).
Result<Target> parse_target(std::string_view raw, std::size_t fields_max);

/// application/x-www-form-urlencoded. Failures `http.bad_form` (invalid), `http.too_many_fields` (too_large).
Result<std::multimap<std::string, std::string>> parse_form(std::string_view text, std::size_t fields_max);

/// Everything but unreserved characters as %XX; for values put into a query.
std::string percent_encode(std::string_view text);

}  // namespace motcua::http
