#include "platform/http/server.hpp"

#include <boost/asio/signal_set.hpp>
#include <condition_variable>
#include <future>

#include "platform/http/connection.hpp"
#include "platform/log/log.hpp"
#include "platform/metrics/metrics.hpp"

namespace motcua::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

/// A socket without TLS.
class PlainStream {
 public:
  static constexpr bool secure = false;
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
  }
  Socket& socket() { return socket_; }
  Awaitable<bool> open() { co_return true; }
  auto read(asio::mutable_buffer into, boost::system::error_code& ec) { return socket_.async_read_some(into, asio::redirect_error(awaited, ec)); }

  Awaitable<> write(std::string_view head, std::string_view body, boost::system::error_code& ec) {
    std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
    std::size_t sent = socket_.write_some(buffers, ec);   // most answers fit into the socket's buffer at once
    if (ec == asio::error::would_block) ec = {};
    if (ec || sent == head.size() + body.size()) co_return;
    const std::size_t of_head = std::min(sent, head.size());
    buffers = {asio::buffer(head.substr(of_head)), asio::buffer(body.substr(sent - of_head))};
    co_await asio::async_write(socket_, buffers, asio::redirect_error(awaited, ec));
  }
  Awaitable<> finish() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_return;
  }

 private:
  Socket socket_;
};

void sweep(Network& network, std::chrono::milliseconds interval) {
  network.sweep.expires_after(interval);
  network.sweep.async_wait([&network, interval](boost::system::error_code ec) {
    if (ec) return;
    const auto now = Clock::now();
    for (Timed* connection : network.connections) {
      if (connection->deadline > now) continue;
      if (connection->expired) {   // the time for saying so is over too
        connection->close();
        continue;
      }
      connection->expired = true;
      connection->deadline = now + interval;
      connection->cancel();
    }
    sweep(network, interval);
  });
}

constexpr std::chrono::milliseconds pulse_interval{25};

void feel_pulse(Network& network, Service& service) {
  network.pulse.expires_after(pulse_interval);
  network.pulse.async_wait([&network, &service](boost::system::error_code ec) {
    if (ec) return;
    service.observe_wait(WaitingLine::Where::network, Clock::now() - network.pulse.expiry());
    feel_pulse(network, service);
  });
}

}  // namespace

struct Server::State {
  State(Router router, Hooks hooks, ServerOptions o)
      : options(std::move(o)), service(std::move(router), std::move(hooks), options), core(service, options) {}

  ServerOptions options;
  Service service;
  Core core;
  std::vector<std::unique_ptr<Network>> networks;
  std::unique_ptr<Acceptor> acceptor;
  std::shared_ptr<TlsContext> tls;
  std::uint16_t port = 0;
  bool running = false;

  Result<void> listen();
  Awaitable<> accept_all();
  void take(Network& network, Socket socket);
  bool wait_until_empty(std::chrono::milliseconds time);
};

Result<void> Server::State::listen() {
  const Failure refused = unavailable("http.cannot_listen", "the address or port cannot be bound");
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) return refused;
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  acceptor = std::make_unique<Acceptor>(networks[0]->context);
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(4096, ec);
  if (ec) return refused;
  port = acceptor->local_endpoint().port();
  return {};
}

Awaitable<> Server::State::accept_all() {
  auto& refused = metrics::registry().counter("motcua_http_connections_refused_total", "Connections closed at once because there were too many");
  Timer pause(networks[0]->context);
  for (std::size_t next = 0; !core.stopping; ++next) {
    Network& network = *networks[next % networks.size()];
    boost::system::error_code ec;
    Socket socket = co_await acceptor->async_accept(network.context, asio::redirect_error(awaited, ec));
    if (core.stopping || ec == asio::error::operation_aborted || ec == asio::error::bad_descriptor) co_return;
    if (ec) {   // out of file descriptors, most likely: do not spin
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::redirect_error(awaited, ec));
      continue;
    }
    if (core.connections.fetch_add(1) >= options.connections_max) {
      core.connections.fetch_sub(1);
      refused.add();
      socket.close(ec);
      continue;
    }
    asio::post(network.context, [this, &network, s = std::move(socket)]() mutable { take(network, std::move(s)); });
  }
}

void Server::State::take(Network& network, Socket socket) {
  if (tls) spawn_tls_connection(core, network, std::move(socket), tls);
  else spawn_connection(core, network, PlainStream(std::move(socket)));
}

bool Server::State::wait_until_empty(std::chrono::milliseconds time) {
  const auto until = Clock::now() + time;
  while (core.connections > 0 && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return core.connections == 0;
}

Server::Server(Router router, Hooks hooks, ServerOptions options)
    : state_(std::make_unique<State>(std::move(router), std::move(hooks), std::move(options))) {}

Server::~Server() { stop(); }

Result<void> Server::start() {
  State& s = *state_;
  if (!s.options.certificate_file.empty()) {
    TRY_ASSIGN(s.tls, make_tls_context(s.options));
  }
  for (int i = 0; i < std::max(1, s.options.network_threads); ++i) s.networks.push_back(std::make_unique<Network>());
  if (auto listening = s.listen(); !listening) {
    s.acceptor.reset();
    s.networks.clear();
    return listening;
  }
  asio::co_spawn(s.networks[0]->context, s.accept_all(), asio::detached);
  for (auto& network : s.networks) {
    sweep(*network, s.options.sweep_interval);
    feel_pulse(*network, s.service);
    network->thread = std::thread([n = network.get()] { n->context.run(); });
  }
  s.running = true;
  log::info("http.started", {{"port", s.port}, {"tls", s.tls != nullptr}, {"routes", s.service.routes()}});
  return {};
}

std::uint16_t Server::port() const { return state_->port; }

void Server::stop() {
  State& s = *state_;
  if (!std::exchange(s.running, false)) return;
  s.core.stopping = true;
  const auto on_all = [&s](auto what) {
    for (auto& network : s.networks)
      asio::post(network->context, [what, n = network.get()] {
        const auto connections = n->connections;   // closing may end one and change the set
        for (Timed* connection : connections) what(*connection);
      });
  };
  asio::post(s.networks[0]->context, [&s] { boost::system::error_code ignored; s.acceptor->close(ignored); });
  on_all([](Timed& connection) { if (connection.idle) connection.cancel(); });
  const bool in_time = s.wait_until_empty(s.options.stop_grace);
  if (!in_time) on_all([](Timed& connection) { connection.close(); });
  s.core.workers.join();
  s.wait_until_empty(std::chrono::milliseconds(500));
  for (auto& network : s.networks) network->context.stop();
  for (auto& network : s.networks) network->thread.join();
  log::info("http.stopped", {{"in_time", in_time}});
}

void Server::run_until_signal() {
  std::promise<void> signalled;
  asio::signal_set signals(state_->networks.at(0)->context, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code ec, int) { if (!ec) signalled.set_value(); });
  signalled.get_future().wait();
  stop();
}

Response Server::answer(Request request) { return state_->service.answer_request(std::move(request)); }

}  // namespace motcua::http
