#pragma once
// What the rest of the house plugs into the server: who is asking, what a refusal looks like, where uploads go.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/http/router.hpp"
#include "platform/http/spool.hpp"

namespace motcua::http {

/// `route` is null for a path that no route has. A failure ends the request: unauthenticated on a page leads to the sign-in
/// page, anything else becomes an error page or problem+json.
using Check = std::function<Result<void>(Request& request, const Route* route)>;
using Finish = std::function<void(const Request& request, Response& response)>;

/// What was answered to a write that carried an Idempotency-Key.
struct SavedAnswer {
  std::string body_hash;      // of method, path and body, hex
  int status = 0;
  std::string content_type;
  std::string body;
  std::string location;       // Location header, when there was one
};
/// Keeps the first answers (platform/idempotency does, in the database). `scope` is the account and the route pattern.
class IdempotencyStore {
 public:
  virtual ~IdempotencyStore() = default;
  virtual Result<std::optional<SavedAnswer>> find(const std::string& scope, const std::string& key) = 0;
  /// Keeps the first; a second for the same scope and key changes nothing.
  virtual Result<void> save(const std::string& scope, const std::string& key, const SavedAnswer& answer) = 0;
};

/// Where somebody stands in the line before the door (waiting_line.hpp).
struct LinePlace {
  std::size_t place = 0;                              // 1: the next
  std::size_t people = 0;                             // in line
  std::chrono::seconds wait{0};                       // at the pace of now
  std::chrono::seconds look_again{0};
};

struct Hooks {
  /// In order, before Access is asked. Only line, headers, cookies and query are there: principal from the cookie, rate limits.
  std::vector<Check> identify = {};
  /// In order, after Access and before the handler; the whole request is there: CSRF tokens of forms.
  std::vector<Check> check = {};
  /// In order, after every answer, errors too: refreshed cookies.
  std::vector<Finish> finish = {};
  /// The page of a failure in the language of the request; absent: a bare page.
  std::function<Response(const Request& request, int status, const Failure& failure)> error_page = {};
  /// The page of somebody who waits in line; rendered on the network thread. Absent: a bare page.
  std::function<Response(const Request& request, const LinePlace& place)> waiting_page = {};
  /// The sentence of a failure (`code` with `args`) in a language; absent: the code.
  std::function<std::string(std::string_view lang, const Failure& failure)> sentence = {};
  /// Where uploaded files go; absent: plain files of mode 0600 in the system's temporary folder.
  SinkFactory uploads = {};
  /// For /readyz: a failure says "not now" (503).
  std::function<Result<void>()> ready = {};
  /// Called before /metrics is rendered: brings gauges up to date that nobody else sets.
  std::function<void()> measure = {};
  IdempotencyStore* idempotency = nullptr;
  /// Path of the sign-in page without the language prefix.
  std::string sign_in_path = "/sign-in";
  std::string resident_sign_in_path = "/me/sign-in";   // where a page for residents leads
};

}  // namespace motcua::http
