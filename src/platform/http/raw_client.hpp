#pragma once
// A client of bare sockets for tests: sends exactly the bytes it is told.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::http {

inline int status_in(const std::string& answer) { return answer.size() > 12 && answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0; }
inline std::string header_in(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > answer.find("\r\n\r\n")) return {};
  const auto begin = at + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}
inline std::string body_in(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), buffer_(std::move(other.buffer_)) {}
  ~RawClient() {
    if (socket_ >= 0) ::close(socket_);
  }
  bool connected() const { return connected_; }
  int socket() const { return socket_; }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// One answer, by its Content-Length; what follows stays for the next call. Empty when the server closed or said nothing in time.
  std::string read_answer(bool with_body = true, int timeout_ms = 5000) {
    while (buffer_.find("\r\n\r\n") == std::string::npos)
      if (!read_some(timeout_ms)) return std::exchange(buffer_, {});
    const auto head = buffer_.find("\r\n\r\n") + 4;
    const std::string length = header_in(buffer_, "Content-Length");
    const std::size_t whole = head + (with_body && !length.empty() ? std::strtoull(length.c_str(), nullptr, 10) : 0);
    while (buffer_.size() < whole)
      if (!read_some(timeout_ms)) return std::exchange(buffer_, {});
    std::string answer = buffer_.substr(0, whole);
    buffer_.erase(0, whole);
    return answer;
  }
  /// True when the server closes within the time.
  bool sees_close(int timeout_ms = 5000) {
    while (read_some(timeout_ms)) {
    }
    return closed_;
  }

 private:
  bool read_some(int timeout_ms) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, timeout_ms) <= 0) return false;
    char bytes[65536];
    const auto n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n <= 0) {
      closed_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string buffer_;
};

}  // namespace motcua::http
