#include "platform/http/cookie.hpp"

#include <algorithm>
#include <stdexcept>

namespace motcua::http {
namespace {

constexpr std::size_t cookies_max = 50;  // a browser keeps as many for one site

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// RFC 6265 cookie-octet.
bool is_octet(char c) { return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'; }

bool is_safe(std::string_view text) { return std::all_of(text.begin(), text.end(), is_octet); }

}  // namespace

std::map<std::string, std::string> parse_cookies(std::string_view header) {
  std::map<std::string, std::string> cookies;
  while (!header.empty() && cookies.size() < cookies_max) {
    const auto end = std::min(header.find(';'), header.size());
    const auto pair = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    auto value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (is_safe(value)) cookies.emplace(pair.substr(0, equals), value);  // the first wins, as the most specific path comes first
  }
  return cookies;
}

std::string cookie_name(std::string_view name, bool secure) { return (secure ? "__Host-" : "") + std::string(name); }

std::string to_header(const Cookie& cookie) {
  if (cookie.name.empty() || !is_safe(cookie.name) || cookie.name.find('=') != std::string::npos || !is_safe(cookie.value))
    throw std::logic_error("http: a cookie needs a name, and octets that are allowed in one");
  std::string out = cookie.name + "=" + cookie.value + "; Path=" + cookie.path + "; SameSite=" + cookie.same_site;
  if (cookie.max_age) out += "; Max-Age=" + std::to_string(cookie.max_age->count());
  if (cookie.secure) out += "; Secure";
  if (cookie.http_only) out += "; HttpOnly";
  return out;
}

}  // namespace motcua::http
