#pragma once
// Accept, Accept-Encoding and Accept-Language: weighted lists (RFC 9110, 12.4.2).
#include <string>
#include <string_view>

namespace motcua::http {

/// The weight of `token` in a list like "gzip;q=0.5, br"; 0 when it is not named. Case does not matter; wildcards are not expanded.
double weight_of(std::string_view list, std::string_view token);
/// "vi" or "en", Vietnamese unless English weighs more.
std::string language_of(std::string_view accept_language);
bool accepts_gzip(std::string_view accept_encoding);
/// JSON is named and HTML is not: a program asks, not a browser.
bool prefers_json(std::string_view accept);

bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view without_blanks(std::string_view text);

}  // namespace motcua::http
