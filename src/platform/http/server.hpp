#pragma once
// The HTTP/1.1 server: sockets on one or more network threads, handlers on a pool of worker threads that may block.
// Limits and time-outs are for hostile clients; each has a name and a unit and answers with its own status.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "platform/http/hooks.hpp"
#include "platform/http/router.hpp"

namespace motcua::http {

/// Of the line before the door (waiting_line.hpp).
struct LineOptions {
  std::string key = {};                               // of the tickets' signature; empty: random, and tickets end with the process
  std::vector<std::string> inside_cookies = {};       // whoever carries one of these is inside: their sessions
  std::chrono::milliseconds standing_max{25};         // the least delay within a window from which the house is full
  std::chrono::milliseconds unread_for{400};          // so long sockets must have waited unread: a processor busy elsewhere for a moment is no crowd
  std::chrono::milliseconds window{100};
  std::int64_t newcomers_per_second_max = 0;          // 0: as many as the house takes
  std::size_t people_max = 1'000'000;                 // in line; later ones get no place
  std::chrono::minutes ticket_kept{180};              // a number that old is no number any more
  std::chrono::minutes inside_for{40};                // after being let in, without having been asked again
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;                      // 0: any free one, see Server::port()
  std::string certificate_file = {};              // PEM chain; with key_file: TLS 1.2 and 1.3
  std::string key_file = {};
  int network_threads = 1;                        // one core of them serves > 100 k small requests/s (stack.md)
  int worker_threads = 64;                        // handlers wait for the disk together, so more than cores
  std::size_t worker_queue_max = 4096;            // waiting requests; more get 503
  std::size_t connections_max = 10000;            // more are closed at once
  std::size_t header_bytes_max = 16 * 1024;       // 431
  std::size_t target_bytes_max = 8 * 1024;        // 414
  std::size_t header_fields_max = 100;            // 431
  std::size_t form_fields_max = 1000;             // 413
  std::chrono::milliseconds idle_timeout{60'000};        // between requests: closed
  std::chrono::milliseconds header_timeout{10'000};      // from the first byte to the blank line: 408
  std::chrono::milliseconds body_timeout{30'000};        // a body may take this long and one second more for each
  std::chrono::milliseconds write_timeout{30'000};       // transfer_rate_min_bytes; the same for an answer. 408 / closed
  std::uint64_t transfer_rate_min_bytes = 2048;          // bytes a second
  std::chrono::milliseconds sweep_interval{1'000};       // how coarse the time-outs are
  std::chrono::milliseconds stop_grace{4'000};           // requests in flight may finish in this time
  std::size_t compress_bytes_min = 1024;          // smaller texts are not compressed
  LineOptions line = {};                          // before the door, while the workers have a standing queue
  std::map<std::string, std::chrono::seconds, std::less<>> shared_pages = {};   // routes whose page is the same for everybody without a session
  bool metrics_public = false;                    // false: /metrics answers only callers on this machine
  std::vector<std::string> trusted_proxies = {};  // addresses whose X-Forwarded-For and X-Forwarded-Proto are believed
  std::string api_title = "Một Cửa";
  std::string api_version = "1";
};

/// Built-in paths: / (303 to /vi/), /healthz, /readyz, /metrics, /api/openapi.json, /assets/<hash>/<name>.
class Server {
 public:
  /// The router and the hooks are the server's from now on.
  Server(Router router, Hooks hooks, ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and returns. Failures: http.cannot_listen, http.bad_certificate (unavailable).
  Result<void> start();
  std::uint16_t port() const;
  /// Accepts no more, lets requests in flight finish within stop_grace, closes the rest, joins all threads.
  void stop();
  /// Blocks until SIGTERM or SIGINT, then stops.
  void run_until_signal();

  /// Answers one request without a socket, with every hook and rule: for tests of rooms.
  Response answer(Request request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Path under which the embedded file web/dist/<name> is served, for ever cacheable: "/assets/3f9a.../app.css".
std::string asset_path(std::string_view name);

}  // namespace motcua::http
