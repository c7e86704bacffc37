#pragma once
// Cookies of the house, and where a request comes from.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/http/message.hpp"

namespace motcua::auth {

/// The value of a cookie of ours: `__Host-<name>` over TLS, `<name>` without. Empty: none.
std::string find_cookie(const http::Request& request, std::string_view name);
/// `max_age` absent: until the browser closes; zero: removed.
void put_cookie(const http::Request& request, http::Response& response, std::string_view name, std::string value,
                std::optional<std::chrono::seconds> max_age = {});

/// The session of staff.
inline constexpr std::string_view session_cookie = "motcua";
std::string session_token(const http::Request& request);
void set_session(const http::Request& request, http::Response& response, const std::string& token);
void clear_session(const http::Request& request, http::Response& response);

/// A token for the form of somebody who has no session yet, given back as a cookie and as a field (double submit).
std::string set_form_token(const http::Request& request, http::Response& response);
bool form_token_fits(const http::Request& request);

bool is_this_machine(std::string_view address);
/// False when the browser says that another site sent it.
bool is_same_origin(const http::Request& request);

}  // namespace motcua::auth
