// Requests a second over loopback, keep-alive, one client thread with many connections; no other program is needed.
//   build/release/http_bench [connections=64] [seconds=3]
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "platform/http/raw_client.hpp"
#include "platform/http/server.hpp"
#include "platform/log/log.hpp"

namespace {

using namespace motcua;
using namespace motcua::http;
using Clock = std::chrono::steady_clock;

Router make_bench_router() {
  Router router;
  router.add({.method = Method::get, .path = "/quick", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> { return Response::html("home"); }, .quick = true});
  router.add({.method = Method::get, .path = "/page", .access = Access::anyone(), .handler = [](const Request&) -> Result<Response> { return Response::html(std::string(10'240, 'p')); }});
  router.add({.method = Method::post, .path = "/api/v1/echo", .access = Access::anyone(), .handler = [](const Request& q) -> Result<Response> { return Response::json(q.body); }});
  return router;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

struct Load {
  int connections;
  double seconds;
};

void run(const char* name, std::uint16_t port, const std::string& request, Load load) {
  std::vector<RawClient> clients;
  std::vector<std::size_t> due(static_cast<std::size_t>(load.connections), 0);   // bytes of the answer still to come
  std::vector<Clock::time_point> sent(static_cast<std::size_t>(load.connections));
  const int poller = epoll_create1(0);
  for (int i = 0; i < load.connections; ++i) {
    clients.emplace_back(port);
    epoll_event event{EPOLLIN, {.u32 = static_cast<std::uint32_t>(i)}};
    epoll_ctl(poller, EPOLL_CTL_ADD, clients.back().socket(), &event);
  }
  RawClient probe(port);
  probe.send(request);
  const std::size_t answer_bytes = probe.read_answer().size();
  std::vector<double> micros;
  const double cpu = cpu_seconds();
  const auto began = Clock::now();
  const auto ask = [&](std::size_t i) {
    due[i] = answer_bytes;
    sent[i] = Clock::now();
    clients[i].send(request);
  };
  for (std::size_t i = 0; i < clients.size(); ++i) ask(i);
  std::vector<epoll_event> events(256);
  std::vector<char> buffer(1 << 16);
  const auto until = began + std::chrono::duration<double>(load.seconds);
  while (Clock::now() < until) {
    const int n = epoll_wait(poller, events.data(), static_cast<int>(events.size()), 100);
    for (int e = 0; e < n; ++e) {
      const std::size_t i = events[static_cast<std::size_t>(e)].data.u32;
      const auto got = ::recv(clients[i].socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) continue;
      due[i] -= std::min(due[i], static_cast<std::size_t>(got));
      if (due[i] > 0) continue;
      micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent[i]).count());
      ask(i);
    }
  }
  ::close(poller);
  const double took = std::chrono::duration<double>(Clock::now() - began).count();
  const double used = cpu_seconds() - cpu;
  if (micros.empty()) return;
  std::sort(micros.begin(), micros.end());
  std::printf("%-22s %5d conns %9.0f req/s  p50 %7.0f us  p99 %7.0f us  CPU (both sides) %5.1f us/req\n", name, load.connections,
              static_cast<double>(micros.size()) / took, micros[micros.size() / 2], micros[micros.size() * 99 / 100], used / static_cast<double>(micros.size()) * 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load{argc > 1 ? std::atoi(argv[1]) : 64, argc > 2 ? std::atof(argv[2]) : 3.0};
  log::configure({.level = log::Level::warning}).ok();
  ServerOptions options;
  options.port = 0;
  Server server(make_bench_router(), {}, options);
  if (auto started = server.start(); !started) return 1;
  const std::string json(398, '1');
  run("quick (no worker)", server.port(), "GET /vi/quick HTTP/1.1\r\nHost: a\r\n\r\n", load);
  run("page of 10 KB, worker", server.port(), "GET /vi/page HTTP/1.1\r\nHost: a\r\n\r\n", load);
  run("POST 398 B, worker", server.port(), "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 398\r\n\r\n" + json, load);
  server.stop();
  return 0;
}
