#pragma once
// Pages that are the same for everybody without a session, kept as they leave (rendered, compressed, with their headers) for some seconds: a front
// page that the whole country opens costs one rendering a language and a handful of seconds.
#include <chrono>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "platform/http/message.hpp"

namespace motcua::http {

class SharedPages {
 public:
  using Clock = std::chrono::steady_clock;
  /// `kept_for`: route -> how long; whoever carries one of `session_cookies` is never answered from here.
  SharedPages(std::map<std::string, std::chrono::seconds, std::less<>> kept_for, std::vector<std::string> session_cookies)
      : kept_for_(std::move(kept_for)), session_cookies_(std::move(session_cookies)) {}

  /// Null: not kept, or not for this request.
  std::shared_ptr<const Response> find(const Request& request, Clock::time_point now) const;
  /// A complete answer; kept only when it is a 200 that sets no cookie.
  void keep(const Request& request, const Response& response, Clock::time_point now);

 private:
  struct Kept {
    std::shared_ptr<const Response> response;
    Clock::time_point until;
  };
  bool is_for(const Request& request) const;
  std::string key_of(const Request& request) const;

  const std::map<std::string, std::chrono::seconds, std::less<>> kept_for_;
  const std::vector<std::string> session_cookies_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace motcua::http
