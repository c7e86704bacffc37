#include "platform/http/accept.hpp"

#include <algorithm>
#include <charconv>

namespace motcua::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// "q=0.5" of the parameters behind a token; 1 when there is none, 0 when it cannot be read.
double quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto end = std::min(parameters.find(';'), parameters.size());
    const auto one = without_blanks(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (one.size() < 3 || lower(one[0]) != 'q' || one[1] != '=') continue;
    double q = 0;
    const auto [last, error] = std::from_chars(one.data() + 2, one.data() + one.size(), q);
    return error == std::errc{} && last == one.data() + one.size() && q >= 0 && q <= 1 ? q : 0;
  }
  return 1;
}

template <class Matches>
double greatest_weight(std::string_view list, Matches matches) {
  double greatest = 0;
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    const auto one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const auto semicolon = std::min(one.find(';'), one.size());
    if (!matches(without_blanks(one.substr(0, semicolon)))) continue;
    greatest = std::max(greatest, quality(semicolon < one.size() ? one.substr(semicolon + 1) : ""));
  }
  return greatest;
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

double weight_of(std::string_view list, std::string_view token) {
  return greatest_weight(list, [&](std::string_view named) { return equal_ignoring_case(named, token); });
}

std::string language_of(std::string_view accept_language) {
  const auto weight = [&](std::string_view lang) {
    return greatest_weight(accept_language, [&](std::string_view named) {
      return named.size() >= 2 && equal_ignoring_case(named.substr(0, 2), lang) && (named.size() == 2 || named[2] == '-');
    });
  };
  return weight("en") > weight("vi") ? "en" : "vi";
}

bool accepts_gzip(std::string_view accept_encoding) { return weight_of(accept_encoding, "gzip") > 0; }

bool prefers_json(std::string_view accept) {
  const double json = std::max(weight_of(accept, "application/json"), weight_of(accept, "application/problem+json"));
  return json > weight_of(accept, "text/html");
}

}  // namespace motcua::http
