#pragma once
// One connection as one coroutine: head, body, answer, again. The parser is fed from our own buffer, time-outs come from the
// sweep, and answers are tried without waiting first: that is where the speed comes from (stack.md, 1).
// A co_await stands alone or as the right side of an assignment here: GCC 12 miscompiles some that stand inside conditions.
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <stdexcept>

#include "platform/http/network.hpp"

namespace motcua::http {

/// `Stream` has secure, socket(), open(), read(), write() and finish(); see PlainStream and TlsStream.
template <class Stream>
class Connection final : public Timed {
 public:
  Connection(Core& core, Network& network, Stream stream)
      : core_(core), network_(network), stream_(std::move(stream)), limits_{core.options.header_bytes_max, core.options.target_bytes_max,
                                                                               core.options.header_fields_max} {
    boost::system::error_code ignored;
    const auto endpoint = stream_.socket().remote_endpoint(ignored);
    peer_ = ignored ? "" : endpoint.address().to_string();
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    network_.connections.insert(this);
  }
  ~Connection() override {
    network_.connections.erase(this);
    core_.connections.fetch_sub(1);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void cancel() override {
    boost::system::error_code ignored;
    stream_.socket().cancel(ignored);
  }
  void close() override {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
  }

  Awaitable<> run() {
    expire_after(core_.options.header_timeout);
    const bool opened = co_await stream_.open();
    if (!opened) co_return;
    for (bool more = true; more;) more = co_await serve_one();
    if (!stream_.socket().is_open()) co_return;
    if (stuck_) {   // reset: what the client does not read must not stay in the kernel's buffers
      boost::system::error_code ignored;
      stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
      close();
      co_return;
    }
    expire_after(linger_);
    co_await stream_.finish();
    if (unread_) co_await drain();
  }

 private:
  static constexpr std::size_t buffer_start_ = 4096;
  static constexpr std::size_t drained_max_ = 1 << 20;          // bytes read and dropped so that a refusal is not lost by a reset
  static constexpr std::chrono::milliseconds linger_{1000};

  std::string_view pending() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void expire_after(std::chrono::milliseconds time) {
    deadline = Clock::now() + time;
    expired = false;
  }
  std::chrono::milliseconds time_for(std::uint64_t bytes) const {
    return std::chrono::milliseconds(bytes * 1000 / core_.options.transfer_rate_min_bytes);
  }

  /// False at the end of the stream, on errors and on time-outs.
  Awaitable<bool> read_more() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (begin_ > 0 && end_ == buffer_.size()) {
      std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(std::max(buffer_start_, buffer_.size() * 2));   // the reader refuses before it gets large
    boost::system::error_code ec;
    const std::size_t n = co_await stream_.read(asio::buffer(buffer_.data() + end_, buffer_.size() - end_), ec);
    if (ec || n == 0 || expired) co_return false;
    end_ += n;
    co_return true;
  }

  Awaitable<bool> serve_one() {
    RequestReader reader(limits_);
    std::optional<Failure> failed;
    const bool read = co_await read_head(reader, failed);
    if (!read) {
      if (failed) co_await refuse(reader.head(), *failed);
      co_return false;
    }
    Exchange exchange = core_.service.open(reader.head(), peer_, Stream::secure);
    if (!exchange.early && !reader.done()) failed = co_await read_body(reader, exchange);
    deadline = Clock::time_point::max();
    if (!stream_.socket().is_open() || gone_) co_return false;
    Response response;
    if (failed) response = core_.service.refuse(exchange, *failed);
    else response = co_await answer(exchange);
    unread_ = failed || !reader.done();
    const bool keep = reader.head().keep_alive && reader.done() && !failed && !core_.stopping;
    const bool sent = co_await send(response, !exchange.head_only, keep);
    co_return sent && keep;
  }

  Awaitable<bool> read_head(RequestReader& reader, std::optional<Failure>& failed) {
    bool began = false;
    idle = true;
    expire_after(core_.options.idle_timeout);
    for (;;) {
      while (!began && pending().starts_with("\r\n")) begin_ += 2;   // RFC 9112, 2.2
      if (!pending().empty() && pending() != "\r") {
        if (!began) expire_after(core_.options.header_timeout);
        began = true;
        idle = false;
        auto used = reader.put(pending());
        if (!used) {
          failed = std::move(used).failure();
          co_return false;
        }
        begin_ += *used;
        if (reader.head_done()) co_return true;
      }
      if (core_.stopping && !began) co_return false;
      const bool more = co_await read_more();
      if (more) continue;
      if (expired && began) failed = Failure{FailureKind::invalid, "http.timeout"};
      co_return false;
    }
  }

  Awaitable<std::optional<Failure>> read_body(RequestReader& reader, Exchange& exchange) {
    if (exchange.route && exchange.route->upload) {
      deadline = Clock::time_point::max();
      co_await on_worker(core_, [this, &exchange] { core_.service.admit(exchange); });
      if (exchange.early) co_return std::nullopt;
    }
    const auto began = Clock::now();
    expire_after(core_.options.body_timeout);
    if (reader.head().expects_continue && pending().empty()) {
      const bool asked = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
      gone_ = !asked;
      if (gone_) co_return std::nullopt;
    }
    reader.on_body([this, &exchange](std::string_view bytes) { return core_.service.receive(exchange, bytes); });
    for (;;) {
      if (!pending().empty()) {
        auto used = reader.put(pending());
        if (!used) co_return std::move(used).failure();
        begin_ += *used;
        if (reader.done()) co_return std::nullopt;
      }
      deadline = began + core_.options.body_timeout + time_for(exchange.body_bytes);
      const bool more = co_await read_more();
      if (more) continue;
      if (expired) co_return Failure{FailureKind::invalid, "http.timeout"};
      gone_ = true;
      co_return std::nullopt;
    }
  }

  Awaitable<Response> answer(Exchange& exchange) {
    if (Service::is_quick(exchange)) co_return core_.service.answer(exchange);
    if (core_.waiting.fetch_add(1) >= core_.options.worker_queue_max) {
      core_.waiting.fetch_sub(1);
      co_return core_.service.refuse(exchange, {FailureKind::unavailable, "http.busy"});
    }
    std::optional<Response> response;
    co_await on_worker(core_, [this, &exchange, &response, queued = Clock::now()] {
      core_.service.observe_wait(WaitingLine::Where::worker, Clock::now() - queued);
      response = core_.service.answer(exchange);
    });
    core_.waiting.fetch_sub(1);
    co_return std::move(*response);
  }

  Awaitable<> refuse(const Head& head, const Failure& failure) {
    Exchange exchange;
    exchange.request.remote_address = peer_;
    exchange.request.wants_json = std::string_view(head.target).starts_with("/api/");
    const Response response = core_.service.refuse(exchange, failure);
    unread_ = true;
    co_await send(response, true, false);
  }

  Awaitable<bool> send(const Response& response, bool with_body, bool keep) {
    std::string head;
    std::string_view body = with_body && response.status != 204 && response.status != 304 ? std::string_view(response.body) : std::string_view();
    try {
      head = to_wire(response, response.body.size(), network_.now_as_date(), !keep);
    } catch (const std::logic_error&) {
      head = to_wire(Response::html("", 500), 0, network_.now_as_date(), true);
      body = {};
      keep = false;
    }
    expire_after(core_.options.write_timeout + time_for(body.size()));
    const bool sent = co_await write(head, body);
    co_return sent && keep;
  }

  Awaitable<bool> write(std::string_view head, std::string_view body) {
    boost::system::error_code ec;
    co_await stream_.write(head, body, ec);
    stuck_ = expired;
    co_return !ec && !expired;
  }

  /// Reads what still comes after a refusal and drops it: closing at once would reset the connection, and the client might never see why.
  Awaitable<> drain() {
    std::size_t drained = 0;
    begin_ = end_ = 0;
    if (buffer_.empty()) buffer_.resize(buffer_start_);
    while (drained < drained_max_ && !expired && stream_.socket().is_open()) {
      boost::system::error_code ec;
      const std::size_t n = co_await stream_.socket().async_read_some(asio::buffer(buffer_), asio::redirect_error(awaited, ec));
      if (ec || n == 0) co_return;
      drained += n;
    }
  }

  Core& core_;
  Network& network_;
  Stream stream_;
  WireLimits limits_;
  std::string peer_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool unread_ = false;          // the client may still be sending what we refused
  bool stuck_ = false;           // the client does not read
  bool gone_ = false;            // the client left in the middle
};

/// The coroutine owns its connection.
template <class Stream>
Awaitable<> run_to_end(std::unique_ptr<Connection<Stream>> connection) {
  co_await connection->run();
}

template <class Stream>
void spawn_connection(Core& core, Network& network, Stream stream) {
  asio::co_spawn(network.context, run_to_end(std::make_unique<Connection<Stream>>(core, network, std::move(stream))), asio::detached);
}

}  // namespace motcua::http
