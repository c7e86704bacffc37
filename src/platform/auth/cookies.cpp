#include "platform/auth/cookies.hpp"

#include <algorithm>

#include "platform/crypto/crypto.hpp"
#include "platform/http/cookie.hpp"

namespace motcua::auth {
namespace {

constexpr std::size_t form_token_letters = 26;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace

std::string find_cookie(const http::Request& request, std::string_view name) {
  const auto i = request.cookies.find(http::cookie_name(name, request.secure));
  return i == request.cookies.end() ? std::string{} : i->second;
}

void put_cookie(const http::Request& request, http::Response& response, std::string_view name, std::string value,
         std::optional<std::chrono::seconds> max_age) {
  response.headers.emplace_back(
      "Set-Cookie", http::to_header({.name = http::cookie_name(name, request.secure), .value = std::move(value), .max_age = max_age, .secure = request.secure}));
}

std::string session_token(const http::Request& request) { return find_cookie(request, session_cookie); }

void set_session(const http::Request& request, http::Response& response, const std::string& token) {
  put_cookie(request, response, session_cookie, token);
}

void clear_session(const http::Request& request, http::Response& response) {
  put_cookie(request, response, session_cookie, "", std::chrono::seconds{0});
}

std::string set_form_token(const http::Request& request, http::Response& response) {
  std::string token = find_cookie(request, "motcua-form");
  if (token.size() != form_token_letters) {
    token = to_base32(crypto::random_bits()).substr(0, form_token_letters);
    put_cookie(request, response, "motcua-form", token);
  }
  return token;
}

bool form_token_fits(const http::Request& request) {
  const std::string token = find_cookie(request, "motcua-form");
  return token.size() == form_token_letters && crypto::equal_constant_time(token, request.form_value("csrf"));
}

bool is_this_machine(std::string_view address) { return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127."); }

bool is_same_origin(const http::Request& request) {
  const std::string site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  const std::string origin = lower(request.header("origin"));
  if (origin.empty()) return true;  // old browsers; the token decides
  const std::size_t host = origin.find("://");
  return host != std::string::npos && origin.substr(host + 3) == lower(request.header("host"));
}

}  // namespace motcua::auth
