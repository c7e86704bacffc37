// The only place that includes Beast, and of it only the parser. Its assertions are off: one of them (n >= 5 in
// parse_chunk_header) fails on a lawful last chunk that arrives byte by byte, and a client must not be able to stop the house.
#define BOOST_DISABLE_ASSERTS
#include "platform/http/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <ctime>
#include <stdexcept>

#include "platform/http/accept.hpp"
#include "platform/http/failure.hpp"

namespace motcua::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;
using View = beast::string_view;

std::string_view view(View text) { return {text.data(), text.size()}; }
Failure bad_request(std::string_view why) { return {FailureKind::invalid, "http.bad_request", {}, {}, {}, std::string(why)}; }
Failure too_large(const char* code) { return {FailureKind::too_large, code}; }

/// Takes what the parser finds; `failure` is set together with an error code, which only stops the parser.
class Collector : public beast::http::basic_parser<true> {
 public:
  explicit Collector(const WireLimits& limits) : limits_(limits) {
    body_limit(boost::none);   // the route's limit is applied where the body goes
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  }

  Head head;
  std::optional<Failure> failure;
  std::function<Result<void>(std::string_view)> receiver;

 private:
  void stop(Failure reason, error_code& ec) {
    failure = std::move(reason);
    ec = beast::http::make_error_code(beast::http::error::bad_value);
  }

  void on_request_impl(beast::http::verb, View method, View target, int version, error_code& ec) override {
    if (target.size() > limits_.target_bytes_max) return stop(too_large("http.target_too_long"), ec);
    head.method = view(method);
    head.target = view(target);
    head.http_1_0 = version == 10;
  }
  void on_response_impl(int, View, int, error_code&) override {}

  void on_field_impl(beast::http::field, View name, View value, error_code& ec) override {
    if (++fields_ > limits_.header_fields_max) return stop(too_large("http.header_too_large"), ec);
    if (is_header_done()) return;   // trailers are counted and dropped
    std::string key(view(name));
    std::transform(key.begin(), key.end(), key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (key == "transfer-encoding" && (head.http_1_0 || !equal_ignoring_case(view(value), "chunked")))
      return stop(bad_request("a transfer coding that is not chunked"), ec);
    if ((key == "content-length" || key == "host") && !head.field(key).empty()) return stop(bad_request("a field that may come once came twice"), ec);
    head.fields.emplace_back(std::move(key), std::string(view(value)));
  }

  void on_header_impl(error_code& ec) override {
    const auto hosts = std::count_if(head.fields.begin(), head.fields.end(), [](const auto& f) { return f.first == "host"; });
    if (hosts > 1 || (hosts == 0 && !head.http_1_0)) return stop(bad_request("not exactly one Host"), ec);
    head.expects_continue = equal_ignoring_case(head.field("expect"), "100-continue");
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View body, error_code& ec) override {
    if (receiver)
      if (auto taken = receiver(view(body)); !taken) stop(std::move(taken).failure(), ec);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code& ec) override { return on_body_impl(body, ec); }
  void on_finish_impl(error_code&) override {}

  WireLimits limits_;
  std::size_t fields_ = 0;
};

}  // namespace

std::string_view Head::field(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

struct RequestReader::State {
  explicit State(const WireLimits& l) : limits(l), parser(l) {}
  WireLimits limits;
  Collector parser;
  std::size_t header_bytes = 0;   // used so far; the parser's own limit counts from the last field

  /// What to say when more bytes are needed, and there are too many already.
  std::optional<Failure> overflow(std::size_t waiting) const {
    if (parser.head.method.empty() && waiting > limits.target_bytes_max + 64) return too_large("http.target_too_long");
    const std::size_t total = parser.is_header_done() ? waiting : header_bytes + waiting;
    if (total > limits.header_bytes_max)
      return parser.is_header_done() ? bad_request("chunk framing that does not end") : too_large("http.header_too_large");
    return std::nullopt;
  }

  Failure failure_of(error_code ec) {
    namespace http = beast::http;
    if (parser.failure) return *parser.failure;
    if (ec == http::error::header_limit) return too_large(parser.head.method.empty() ? "http.target_too_long" : "http.header_too_large");
    if (ec == http::error::bad_version) return invalid("http.version");
    return bad_request(ec.message());
  }

  void finish_head() {
    Head& head = parser.head;
    head.keep_alive = parser.keep_alive();
    head.chunked = parser.chunked();
    if (const auto length = parser.content_length()) head.content_length = *length;
  }
};

RequestReader::RequestReader(const WireLimits& limits) : state_(std::make_unique<State>(limits)) {}
RequestReader::~RequestReader() = default;

Result<std::size_t> RequestReader::put(std::string_view bytes) {
  auto& [limits, parser, header_bytes] = *state_;
  std::size_t used = 0;
  const bool in_head = !parser.is_header_done();
  while (used < bytes.size() && !parser.is_done()) {
    error_code ec;
    const std::size_t n = parser.put({bytes.data() + used, bytes.size() - used}, ec);
    used += n;
    if (in_head) header_bytes += n;
    if (ec == beast::http::error::need_more) {
      if (auto failed = state_->overflow(bytes.size() - used)) return std::move(*failed);
      break;
    }
    if (ec) return state_->failure_of(ec);
    if (in_head && parser.is_header_done()) {
      if (header_bytes > limits.header_bytes_max) return too_large("http.header_too_large");
      state_->finish_head();
      break;
    }
  }
  return used;
}

bool RequestReader::head_done() const { return state_->parser.is_header_done(); }
bool RequestReader::done() const { return state_->parser.is_done(); }
const Head& RequestReader::head() const { return state_->parser.head; }
void RequestReader::on_body(std::function<Result<void>(std::string_view)> receiver) { state_->parser.receiver = std::move(receiver); }

namespace {

void append_header(std::string& out, std::string_view name, std::string_view value) {
  const auto breaks = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), breaks) || std::any_of(value.begin(), value.end(), breaks))
    throw std::logic_error("http: a header may not hold a control character");
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string to_wire(const Response& response, std::size_t body_bytes, std::string_view date, bool close) {
  std::string out;
  out.reserve(768);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_of(response.status), date);
  const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;
  if (!bodiless) {
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", body_bytes);
  }
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  out += close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
  return out;
}

std::string http_date(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace motcua::http
