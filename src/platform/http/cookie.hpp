#pragma once
// Cookies, in and out (RFC 6265).
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::http {

std::map<std::string, std::string> parse_cookies(std::string_view header);

/// The prefix makes the browser refuse the cookie unless it is Secure, of this host alone and for all paths.
std::string cookie_name(std::string_view name, bool secure);

/// One Set-Cookie value. HttpOnly, SameSite=Lax and Path=/ unless said otherwise. Name and value must be cookie-safe
/// characters; anything else is a defect (std::logic_error). `max_age` of zero removes the cookie; absent: until the browser closes.
struct Cookie {
  std::string name;
  std::string value;
  std::optional<std::chrono::seconds> max_age = {};
  bool secure = true;
  bool http_only = true;
  std::string same_site = "Lax";
  std::string path = "/";
};
std::string to_header(const Cookie& cookie);

}  // namespace motcua::http
