#include "platform/http/shared_pages.hpp"

#include <algorithm>
#include <mutex>

#include "platform/http/accept.hpp"
#include "platform/http/cookie.hpp"

namespace motcua::http {

bool SharedPages::is_for(const Request& request) const {
  return request.method == Method::get && request.query.empty() && kept_for_.contains(request.route) && request.header("if-none-match").empty() &&
         std::none_of(session_cookies_.begin(), session_cookies_.end(), [&](const auto& name) { return request.cookies.contains(cookie_name(name, request.secure)); });
}

std::string SharedPages::key_of(const Request& request) const {
  return request.lang + (request.secure ? "s" : "p") + (accepts_gzip(request.header("accept-encoding")) ? "z" : "-") + request.route;
}

std::shared_ptr<const Response> SharedPages::find(const Request& request, Clock::time_point now) const {
  if (kept_for_.empty() || !is_for(request)) return nullptr;
  const std::shared_lock lock(mutex_);
  const auto at = kept_.find(key_of(request));
  return at == kept_.end() || at->second.until <= now ? nullptr : at->second.response;
}

void SharedPages::keep(const Request& request, const Response& response, Clock::time_point now) {
  if (kept_for_.empty() || response.status != 200 || !is_for(request)) return;
  auto kept = std::make_shared<Response>(response);
  if (std::any_of(kept->headers.begin(), kept->headers.end(), [](const auto& h) { return equal_ignoring_case(h.first, "Set-Cookie"); })) return;
  std::erase_if(kept->headers, [](const auto& h) { return h.first == "X-Request-Id"; });
  const std::unique_lock lock(mutex_);
  kept_[key_of(request)] = {std::move(kept), now + kept_for_.find(request.route)->second};
}

}  // namespace motcua::http
