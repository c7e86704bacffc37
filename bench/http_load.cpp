// A load of requests over loopback, keep-alive, from one thread: as many as go (closed loop), or so many a second, each measured from the moment
// it was due (open loop: a server that stalls is not spared the requests it did not take).
//   build/release/http_load PORT FILE [--connections 64] [--seconds 10] [--rate 0] [--expect 200]
// FILE: one JSON object a line, {"request": "the bytes"}; "{{dec}}" in it becomes a new number each time (dec_..., 30 characters).
// Prints one JSON object. Exit 1 when an answer had another status, or a connection broke.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace {

using Clock = std::chrono::steady_clock;
namespace json = boost::json;

struct Options {
  int port = 0;
  std::string file;
  int connections = 64, expect = 200;
  double seconds = 10, rate = 0;
};

struct Connection {
  int socket = -1;
  std::string in;
  std::size_t next = 0;              // of the requests
  Clock::time_point due{};
  bool busy = false;
};

int open_socket(int port) {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(s, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return -1;
  return s;
}

/// The status of a complete answer and how long it is; 0: not complete yet.
std::pair<int, std::size_t> complete(const std::string& in) {
  const auto end = in.find("\r\n\r\n");
  if (end == std::string::npos) return {0, 0};
  std::size_t length = 0;
  for (const char* name : {"\r\nContent-Length: ", "\r\ncontent-length: "})
    if (const auto at = in.find(name); at < end) std::from_chars(in.data() + at + 18, in.data() + end, length);
  int status = 0;
  std::from_chars(in.data() + 9, in.data() + 12, status);
  if (in.find("\r\nTransfer-Encoding: chunked") < end) {
    const auto last = in.find("\r\n0\r\n\r\n", end);
    return last == std::string::npos ? std::pair{0, std::size_t{0}} : std::pair{status, last + 7};
  }
  const std::size_t whole = end + 4 + (status == 304 || status == 204 ? 0 : length);
  return in.size() < whole ? std::pair{0, std::size_t{0}} : std::pair{status, whole};
}

class Load {
 public:
  Load(Options options, std::vector<std::string> requests) : options_(std::move(options)), requests_(std::move(requests)), connections_(static_cast<std::size_t>(options_.connections)) {}

  bool connect() {
    poller_ = epoll_create1(0);
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      auto& c = connections_[i];
      c.socket = open_socket(options_.port);
      if (c.socket < 0) return false;
      c.next = i % requests_.size();
      epoll_event event{EPOLLIN, {.u32 = static_cast<std::uint32_t>(i)}};
      epoll_ctl(poller_, EPOLL_CTL_ADD, c.socket, &event);
      free_.push_back(i);
    }
    return true;
  }

  void run() {
    began_ = Clock::now();
    const auto until = began_ + std::chrono::duration<double>(options_.seconds);
    std::vector<epoll_event> events(512);
    for (auto now = began_; now < until || busy_ > 0; now = Clock::now()) {
      if (now < until) send_what_is_due(now);
      else if (now > until + std::chrono::seconds(30)) break;
      const int n = epoll_wait(poller_, events.data(), static_cast<int>(events.size()), options_.rate > 0 ? 1 : 50);
      for (int e = 0; e < n; ++e) read(events[static_cast<std::size_t>(e)].data.u32);
    }
    took_ = std::chrono::duration<double>(Clock::now() - began_).count();
  }

  bool report() {
    std::sort(micros_.begin(), micros_.end());
    const auto at = [&](double share) { return micros_.empty() ? 0.0 : micros_[std::min(micros_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros_.size())))] / 1000; };
    json::object statuses;
    for (const auto& [status, n] : statuses_) statuses[std::to_string(status)] = n;
    const bool fine = broken_ == 0 && statuses_.size() == 1 && statuses_.begin()->first == options_.expect;
    std::printf("%s\n", json::serialize(json::object{{"requests", micros_.size()}, {"seconds", took_}, {"per_second", static_cast<double>(micros_.size()) / took_}, {"p50_ms", at(0.5)},
                                                     {"p95_ms", at(0.95)}, {"p99_ms", at(0.99)}, {"max_ms", at(1)}, {"statuses", statuses}, {"broken", broken_}, {"unsent", unsent_}}).c_str());
    return fine;
  }

 private:
  void send_what_is_due(Clock::time_point now) {
    if (options_.rate <= 0) {
      for (; !free_.empty(); free_.pop_front()) send(free_.front(), now);
      return;
    }
    const auto due = static_cast<std::size_t>(std::chrono::duration<double>(now - began_).count() * options_.rate);
    for (; sent_ < due && !free_.empty(); free_.pop_front())
      send(free_.front(), began_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(sent_) / options_.rate)));
    unsent_ = std::max(unsent_, due - sent_);
  }

  void send(std::size_t i, Clock::time_point due) {
    auto& c = connections_[i];
    std::string bytes = requests_[c.next];
    c.next = (c.next + connections_.size()) % requests_.size();
    for (std::size_t at; (at = bytes.find("{{dec}}")) != std::string::npos;) bytes.replace(at, 7, new_number());
    c.due = due, c.busy = true;
    ++sent_, ++busy_;
    for (std::size_t done = 0; done < bytes.size();) {
      const auto n = ::send(c.socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (n <= 0) return lose(c);
      done += static_cast<std::size_t>(n);
    }
  }

  std::string new_number() {
    motcua::Bits128 bits;
    for (auto& byte : bits) byte = static_cast<std::uint8_t>(random_());
    return motcua::to_id("dec", bits);
  }

  void lose(Connection& c) {
    ++broken_;
    busy_ -= c.busy;
    c.busy = false;
    epoll_ctl(poller_, EPOLL_CTL_DEL, c.socket, nullptr);
    ::close(c.socket);
  }

  void read(std::size_t i) {
    auto& c = connections_[i];
    const auto n = ::recv(c.socket, buffer_, sizeof buffer_, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return lose(c);
    if (n < 0) return;
    c.in.append(buffer_, static_cast<std::size_t>(n));
    const auto [status, whole] = complete(c.in);
    if (status == 0) return;
    c.in.erase(0, whole);
    ++statuses_[status];
    micros_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - c.due).count());
    c.busy = false, --busy_;
    free_.push_back(i);
  }

  Options options_;
  std::vector<std::string> requests_;
  std::vector<Connection> connections_;
  std::deque<std::size_t> free_;
  int poller_ = -1;
  Clock::time_point began_{};
  double took_ = 0;
  std::size_t sent_ = 0, busy_ = 0, broken_ = 0, unsent_ = 0;
  std::vector<double> micros_;
  std::map<int, std::size_t> statuses_;
  std::mt19937_64 random_{std::random_device{}()};
  char buffer_[1 << 17];
};

std::vector<std::string> read_requests(const std::string& file) {
  std::vector<std::string> requests;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) requests.emplace_back(json::parse(line).as_object().at("request").as_string());
  return requests;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "http_load PORT FILE [--connections N] [--seconds S] [--rate R] [--expect STATUS]\n"), 2;
  Options options{.port = std::atoi(argv[1]), .file = argv[2]};
  for (int i = 3; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const double value = std::atof(argv[i + 1]);
    if (name == "--connections") options.connections = static_cast<int>(value);
    else if (name == "--seconds") options.seconds = value;
    else if (name == "--rate") options.rate = value;
    else if (name == "--expect") options.expect = static_cast<int>(value);
    else return std::fprintf(stderr, "http_load: %s?\n", argv[i]), 2;
  }
  auto requests = read_requests(options.file);
  if (requests.empty()) return std::fprintf(stderr, "http_load: no requests in %s\n", argv[2]), 2;
  Load load(options, std::move(requests));
  if (!load.connect()) return std::perror("http_load"), 1;
  load.run();
  return load.report() ? 0 : 1;
}
