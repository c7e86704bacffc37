#pragma once
// The cookie of a session, and where a request comes from. Open to this slice alone.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/http/message.hpp"

namespace motcua::auth {

/// `__Host-motcua` over TLS, `motcua` without.
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
