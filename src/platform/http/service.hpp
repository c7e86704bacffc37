#pragma once
// From a request's head to its answer, without sockets: route, limits, who asks, access, body, handler, errors, finishing.
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/http/hooks.hpp"
#include "platform/http/multipart.hpp"
#include "platform/http/server.hpp"
#include "platform/http/shared_pages.hpp"
#include "platform/http/waiting_line.hpp"
#include "platform/http/wire.hpp"
#include "platform/metrics/metrics.hpp"

namespace motcua::http {

/// A request under way.
struct Exchange {
  Request request;
  const Route* route = nullptr;
  bool head_only = false;                       // HEAD: the answer without its body
  std::optional<Response> early = {};           // decided from the head: refusals, redirects
  std::shared_ptr<const Response> shared = {};  // the same page as for everybody else without a session
  bool turned_away = false;                     // `early` is the waiting page
  std::string ticket = {};                      // of the line, for the cookie
  bool admitted = false;                        // identify hooks and Access passed
  bool to_files = false;                        // the body goes to disk as it comes
  std::unique_ptr<MultipartReader> multipart = {};
  std::vector<std::unique_ptr<Sink>> sinks = {};
  std::size_t body_max = 0;
  std::uint64_t body_bytes = 0;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

class Service {
 public:
  Service(Router router, Hooks hooks, const ServerOptions& options);

  /// On the network thread: never blocks. `early` is set when the body need not be read.
  Exchange open(const Head& head, const std::string& peer, bool secure);
  /// Identify hooks and Access, before the body of an upload is read; may block. Sets `early` on refusal.
  void admit(Exchange& exchange);
  /// A piece of the body. Failures: http.body_too_large and those of the parts.
  Result<void> receive(Exchange& exchange, std::string_view bytes);
  /// The answer, complete with all its headers and compressed; may block; never throws.
  Response answer(Exchange& exchange);
  /// An answer to what could not be read as a request, or not in time.
  Response refuse(Exchange& exchange, const Failure& failure);
  /// What the line before the door goes by.
  void observe_wait(WaitingLine::Where where, std::chrono::nanoseconds delay) { line_.observe(where, delay, std::chrono::steady_clock::now()); }
  /// Whether `answer` blocks so little that no worker thread is needed.
  static bool is_quick(const Exchange& exchange);
  std::size_t routes() const { return router_.routes().size(); }

  Response answer_request(Request request);   // for Server::answer

 private:
  void add_built_in_routes();
  void find_route(Exchange& exchange, std::string_view method, bool prefixed);
  void prepare_body(Exchange& exchange, const Head& head);
  void ask_line(Exchange& exchange);                         // newcomers to pages, while the house is full
  static void set_ticket(const Exchange& exchange, Response& response);
  Result<void> check_admission(Exchange& exchange);
  Result<void> complete_body(Exchange& exchange);
  Result<Response> handle(Exchange& exchange);
  Result<Response> handle_once(Exchange& exchange);          // under an Idempotency-Key
  Response guarded(Exchange& exchange);
  Response response_to(const Exchange& exchange, const Failure& failure);
  Response method_not_allowed(const Exchange& exchange, const std::vector<Method>& allowed);
  void finish(Exchange& exchange, Response& response);       // finish.cpp
  void record(const Exchange& exchange, const Response& response);
  Result<Response> metrics_page(const Request& request) const;

  /// Handles looked up once, so that counting a request takes no lock.
  struct RouteMetrics {
    metrics::Histogram* seconds = nullptr;
    std::array<metrics::Counter*, 6> by_class{};             // 1xx .. 5xx, other
  };
  static RouteMetrics metrics_of(std::string_view method, std::string_view route);

  Router router_;
  std::vector<RouteMetrics> route_metrics_;                  // as router_.routes(); one more for requests without a route
  Hooks hooks_;
  ServerOptions options_;
  WaitingLine line_;
  SharedPages shared_pages_;
  metrics::Gauge& people_waiting_;
  std::string openapi_;
  std::mutex under_way_mutex_;
  std::set<std::string> under_way_;                          // idempotency keys whose first request still runs
};

/// Compression, ETag, If-None-Match, HEAD, cache and security headers: what every answer gets (finish.cpp).
void apply_conventions(const Exchange& exchange, Response& response, std::size_t compress_bytes_min);

/// The embedded file behind "/assets/<hash>/<name>", or a failure http.no_such_page (assets.cpp).
Result<Response> asset_response(std::string_view path);

}  // namespace motcua::http
