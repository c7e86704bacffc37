#pragma once
// HTTP/1.1 on the wire: bytes into a head and a body, an answer into bytes. No sockets here, so that the whole request path
// can be fuzzed and tested as a table.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/http/message.hpp"

namespace motcua::http {

/// Line and fields of a request, as they came; names of fields in lower case.
struct Head {
  std::string method;
  std::string target;
  bool http_1_0 = false;
  std::vector<std::pair<std::string, std::string>> fields;
  bool keep_alive = true;
  bool chunked = false;
  std::optional<std::uint64_t> content_length;
  bool expects_continue = false;

  std::string_view field(std::string_view name) const;   // first, or empty
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

struct WireLimits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t target_bytes_max = 8 * 1024;
  std::size_t header_fields_max = 100;
};

/// Reads one request. Refused, because two readers could understand them differently (request smuggling): Content-Length
/// together with Transfer-Encoding, two Content-Lengths, any coding but `chunked`, bad chunk sizes, no Host or two in HTTP/1.1,
/// line ends that are not CRLF.
class RequestReader {
 public:
  explicit RequestReader(const WireLimits& limits);
  ~RequestReader();

  /// How many of the bytes were used; call again with the rest and what came since. Stops at the end of the head and at the end of
  /// the message. Failures: http.bad_request (invalid), http.target_too_long, http.header_too_large, http.version, and what
  /// the body's receiver fails with.
  Result<std::size_t> put(std::string_view bytes);
  bool head_done() const;
  bool done() const;
  const Head& head() const;

  /// Once the head is done: where the body goes, piece by piece.
  void on_body(std::function<Result<void>(std::string_view)> receiver);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Line and header fields of an answer, blank line included. Content-Length is written unless the status forbids a body.
/// A header with a control character is a defect (std::logic_error).
std::string to_wire(const Response& response, std::size_t body_bytes, std::string_view date, bool close);
/// "Sun, 06 Nov 1994 08:49:37 GMT" of now, renewed once a second.
std::string http_date(std::int64_t unix_seconds);

}  // namespace motcua::http
