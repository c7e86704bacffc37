#include "platform/smpp/client.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include "platform/log/log.hpp"
#include "platform/smpp/parts.hpp"

namespace motcua::smpp {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
constexpr std::size_t submits_max = 100;          // on their way at a time
constexpr milliseconds tick{200};

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool wait_for(int fd, short events, milliseconds timeout) {
  pollfd p{fd, events, 0};
  return ::poll(&p, 1, static_cast<int>(timeout.count())) == 1 && (p.revents & events) != 0;
}

/// A connected socket that does not block; -1.
int connect_to(const Options& options) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    Descriptor fd(::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol));
    if (fd.get() < 0) continue;
    if (::connect(fd.get(), a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS) continue;
    int error = 0;
    socklen_t size = sizeof(error);
    if (!wait_for(fd.get(), POLLOUT, options.answer_within) || ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) continue;
    return ::dup(fd.get());
  }
  return -1;
}

std::string phone_of(const Message& m) {
  constexpr std::uint8_t international = 1;       // type of number, section 5.2.5
  return (m.source_ton == international && !m.source.starts_with('+') ? "+" : "") + m.source;
}

}  // namespace

struct Client::State {
  explicit State(Options o) : options(std::move(o)), wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  // ---- shared
  const Options options;
  Descriptor wake;
  std::thread thread;
  std::atomic<bool> stopping{false}, is_bound{false};
  std::mutex mutex;
  std::string to_send;                                         // packets of submit()
  std::map<std::uint32_t, std::promise<bool>> submitted;       // by sequence number
  std::uint32_t next_sequence = 1;
  std::uint8_t next_reference = 0;

  // ---- the link's thread alone
  Handler handler;
  Descriptor socket;
  std::string in, out;
  Parts parts;
  Clock::time_point heard, asked;

  void ring() const {
    const std::uint64_t one = 1;
    (void)!::write(wake.get(), &one, sizeof(one));
  }
  std::uint32_t sequence() {
    const std::lock_guard lock(mutex);
    if (next_sequence > 0x7FFFFFFF) next_sequence = 1;         // section 3.2
    return next_sequence++;
  }

  void run() {
    milliseconds pause = options.pause_first;
    while (!stopping) {
      const auto began = Clock::now();
      link();
      is_bound = false;
      drop();
      if (Clock::now() - began > options.pause_max) pause = options.pause_first;   // it held for a while
      for (auto until = Clock::now() + pause; !stopping && Clock::now() < until;) std::this_thread::sleep_for(std::min(tick, pause));
      pause = std::min(pause * 2, options.pause_max);
    }
  }

  /// What was on its way is not known to have arrived.
  void drop() {
    socket.reset();
    in.clear();
    out.clear();
    parts.clear();
    const std::lock_guard lock(mutex);
    to_send.clear();
    for (auto& [number, promise] : submitted) promise.set_value(false);
    submitted.clear();
  }

  void link() {
    socket.reset(connect_to(options));
    if (socket.get() < 0) {
      log::warning("smpp.not_connected", {});
      return;
    }
    const auto began = Clock::now();
    heard = asked = began;
    out = write_bind(sequence(), options.login);
    while (!stopping) {
      if (!exchange()) break;
      const auto now = Clock::now();
      if (!is_bound && now - began > options.answer_within) break;
      if (is_bound && !keep_alive(now)) break;
      for (const Whole& late : parts.take_late(now)) hand_over(late);
    }
    if (is_bound && stopping) say_goodbye();
    log::warning("smpp.link_ended", {});
  }

  bool keep_alive(Clock::time_point now) {
    if (now - heard > options.enquire_every * 3 / 2) return false;
    if (now - std::max(heard, asked) > options.enquire_every) {
      asked = now;
      out += write_packet(static_cast<std::uint32_t>(Command::enquire_link), ok, sequence());
    }
    return true;
  }

  void say_goodbye() {
    out += write_packet(static_cast<std::uint32_t>(Command::unbind), ok, sequence());
    (void)send_some();
  }

  bool send_some() {
    while (!out.empty()) {
      const ssize_t n = ::send(socket.get(), out.data(), out.size(), MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN || errno == EINTR;
      out.erase(0, static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Waits for either side and moves bytes; false: the link is over.
  bool exchange() {
    if (is_bound) {
      const std::lock_guard lock(mutex);
      out += std::exchange(to_send, {});
    }
    pollfd waited[2] = {{socket.get(), static_cast<short>(POLLIN | (out.empty() ? 0 : POLLOUT)), 0}, {wake.get(), POLLIN, 0}};
    if (::poll(waited, 2, static_cast<int>(tick.count())) < 0 && errno != EINTR) return false;
    if ((waited[1].revents & POLLIN) != 0) {
      std::uint64_t rung = 0;
      (void)!::read(wake.get(), &rung, sizeof(rung));
    }
    if (!send_some()) return false;
    if ((waited[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) return true;
    char buffer[16 * 1024];
    const ssize_t n = ::recv(socket.get(), buffer, sizeof(buffer), 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (n > 0) in.append(buffer, static_cast<std::size_t>(n));
    return take_packets();
  }

  bool take_packets() {
    while (in.size() >= header_bytes) {
      const auto header = read_header({reinterpret_cast<const std::uint8_t*>(in.data()), header_bytes});
      if (!header) return false;                               // where the next one begins is not known
      if (in.size() < header->length) return true;
      const std::string body = in.substr(header_bytes, header->length - header_bytes);
      in.erase(0, header->length);
      heard = Clock::now();
      if (!take(*header, body)) return false;
      if (!send_some()) return false;
    }
    return true;
  }

  bool take(const Header& h, const std::string& body) {
    switch (h.command) {
      case static_cast<std::uint32_t>(Command::bind_transceiver) | response:
        is_bound = h.status == ok;
        if (is_bound) log::info("smpp.bound", {});
        else log::warning("smpp.bind_refused", {{"status", static_cast<std::int64_t>(h.status)}});
        return is_bound;
      case static_cast<std::uint32_t>(Command::deliver_sm): take_message(h, body); return true;
      case static_cast<std::uint32_t>(Command::submit_sm) | response:
      case static_cast<std::uint32_t>(Command::generic_nack): answer(h); return true;
      case static_cast<std::uint32_t>(Command::enquire_link): out += write_packet(h.command | response, ok, h.sequence); return true;
      case static_cast<std::uint32_t>(Command::enquire_link) | response: return true;
      case static_cast<std::uint32_t>(Command::unbind):
        out += write_packet(h.command | response, ok, h.sequence);
        (void)send_some();
        return false;
      default:
        if ((h.command & response) == 0) out += write_packet(static_cast<std::uint32_t>(Command::generic_nack), invalid_command, h.sequence);
        return true;
    }
  }

  void answer(const Header& h) {
    const std::lock_guard lock(mutex);
    const auto found = submitted.find(h.sequence);
    if (found == submitted.end()) return;
    found->second.set_value(h.status == ok);
    submitted.erase(found);
  }

  void acknowledge(std::uint32_t number, std::uint32_t status) {
    out += write_packet(static_cast<std::uint32_t>(Command::deliver_sm) | response, status, number, std::string_view("\0", 1));
  }

  /// What cannot be read will not be better the next time: it is taken, so that it blocks nothing behind it.
  void take_message(const Header& h, const std::string& body) {
    const auto message = read_message(body);
    if (!message) {
      log::warning("smpp.message_damaged", {});
      return acknowledge(h.sequence, ok);
    }
    Words words = read_words(*message);
    if (words.receipt) return acknowledge(h.sequence, ok);
    const std::string phone = phone_of(*message);
    if (!words.part) return hand_over({phone, std::move(words.text), {h.sequence}});
    if (const auto whole = parts.add(phone, *words.part, std::move(words.text), h.sequence, Clock::now())) hand_over(*whole);
  }

  void hand_over(const Whole& whole) {
    const auto heard_by = handler({Personal(whole.source), Personal(whole.text)});
    if (!heard_by) log::failure(log::Level::warning, "smpp.message_not_kept", heard_by.failure());
    for (const std::uint32_t number : whole.sequences) acknowledge(number, heard_by ? ok : temporary_error);
  }
};

Client::Client(Options options) : state_(std::make_unique<State>(std::move(options))) {}
Client::~Client() { stop(); }

void Client::start(Handler handler) {
  state_->handler = std::move(handler);
  state_->thread = std::thread([this] { state_->run(); });
}

void Client::stop() {
  state_->stopping = true;
  state_->ring();
  if (state_->thread.joinable()) state_->thread.join();
}

bool Client::bound() const { return state_->is_bound; }

Result<void> Client::submit(const std::string& phone, const std::string& text) {
  if (!bound()) return unavailable("smpp.not_bound", "");
  std::vector<std::future<bool>> taken;
  {
    const std::lock_guard lock(state_->mutex);
    const Encoded words = write_words(text, state_->next_reference++);
    if (state_->submitted.size() + words.parts.size() > submits_max) return unavailable("smpp.not_taken", "window");
    Message message{.source = state_->options.number, .destination = phone.substr(phone.starts_with('+') ? 1 : 0), .source_ton = 3, .destination_ton = 1, .destination_npi = 1};
    message.esm_class = words.parts.size() > 1 ? 0x40 : 0;
    message.data_coding = words.data_coding;
    for (const auto& part : words.parts) {
      const std::uint32_t number = state_->next_sequence++;
      message.content = part;
      state_->to_send += write_message(Command::submit_sm, number, message);
      taken.push_back(state_->submitted[number].get_future());
    }
  }
  state_->ring();
  const auto until = Clock::now() + state_->options.answer_within;
  for (auto& one : taken)
    if (one.wait_until(until) != std::future_status::ready || !one.get()) return unavailable("smpp.not_taken", "");
  return {};
}

namespace {

class Transport final : public outbound::Transport {
 public:
  explicit Transport(Client& client) : client_(client) {}
  Result<void> deliver(const std::string&, const outbound::Message& message) override { return client_.submit(message.phone.reveal(), message.text.reveal()); }
  Result<void> sweep(Instant) override { return {}; }

 private:
  Client& client_;
};

}  // namespace

std::unique_ptr<outbound::Transport> make_transport(Client& client) { return std::make_unique<Transport>(client); }

}  // namespace motcua::smpp
