#pragma once
// What the two kinds of connection share: the network threads, the workers, and the coarse sweep of time-outs.
// Only server.cpp and tls.cpp include this, because Asio takes seconds to compile.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>

#include "platform/http/service.hpp"

namespace motcua::http {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
/// The executor by its own type: the type-erased default costs a virtual call and an allocation at each step (stack.md, 1).
using Executor = asio::io_context::executor_type;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> awaited{};
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

/// What the sweep sees of a connection. Touched on its network thread only.
class Timed {
 public:
  virtual ~Timed() = default;
  virtual void cancel() = 0;   // the operation under way ends with an error
  virtual void close() = 0;
  Clock::time_point deadline = Clock::time_point::max();
  bool expired = false;
  bool idle = true;            // between two requests
};

/// One thread with its own io_context: nothing in it needs a lock.
struct Network {
  std::unordered_set<Timed*> connections;   // before the context: what ends with it takes itself out of the set
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  Timer sweep{context};
  Timer pulse{context};                     // how late it comes says how long sockets wait unread
  std::thread thread;
  std::string date;
  std::time_t date_second = 0;

  const std::string& now_as_date() {
    if (const std::time_t now = std::time(nullptr); now != date_second) {
      date_second = now;
      date = http_date(now);
    }
    return date;
  }
};

/// What all connections use.
struct Core {
  Service& service;
  const ServerOptions& options;
  asio::thread_pool workers;
  std::atomic<std::size_t> waiting{0};       // requests given to the workers and not yet answered
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> stopping{false};

  Core(Service& s, const ServerOptions& o) : service(s), options(o), workers(static_cast<std::size_t>(o.worker_threads)) {}
};

/// Runs `work` on a worker thread and goes on here.
template <class Work>
Awaitable<> on_worker(Core& core, Work work) {
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [&core](auto handler, Work job) {
        asio::post(core.workers, [handler = std::move(handler), job = std::move(job)]() mutable {
          job();
          auto executor = asio::get_associated_executor(handler);
          asio::post(executor, std::move(handler));
        });
      },
      awaited, std::move(work));
}

/// A TLS context made of a certificate and a key (tls.cpp).
class TlsContext;
Result<std::shared_ptr<TlsContext>> make_tls_context(const ServerOptions& options);
void spawn_tls_connection(Core& core, Network& network, Socket socket, std::shared_ptr<TlsContext> context);

}  // namespace motcua::http
