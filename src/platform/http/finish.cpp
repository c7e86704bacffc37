// What every answer gets, whatever room made it.
#include <zlib.h>

#include <algorithm>

#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/accept.hpp"
#include "platform/http/service.hpp"

namespace motcua::http {
namespace {

constexpr int gzip_level = 4;           // a page of 10 KB in about 0.1 ms; higher levels save a few per cent more
constexpr int gzip_window = 15 + 16;    // zlib: largest window, gzip header

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& h) { return equal_ignoring_case(h.first, name); });
}

void set_default(Response& response, const char* name, std::string value) {
  if (!has_header(response, name)) response.headers.emplace_back(name, std::move(value));
}

bool is_text(std::string_view type) {
  for (const std::string_view prefix : {"text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml"})
    if (type.starts_with(prefix)) return true;
  return false;
}

std::optional<std::string> gzip(const std::string& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  return packed;
}

bool compress(const Request& request, Response& response, std::size_t bytes_min) {
  if (response.body.size() < bytes_min || !is_text(response.content_type) || has_header(response, "Content-Encoding")) return false;
  set_default(response, "Vary", "Accept-Encoding");
  if (!accepts_gzip(request.header("accept-encoding"))) return false;
  auto packed = gzip(response.body);
  if (!packed || packed->size() >= response.body.size()) return false;
  response.body = std::move(*packed);
  response.headers.emplace_back("Content-Encoding", "gzip");
  return true;
}

bool names_tag(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto one = without_blanks(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (one.starts_with("W/")) one.remove_prefix(2);   // If-None-Match compares weakly (RFC 9110, 13.1.2)
    if (one == "*" || one == tag) return true;
  }
  return false;
}

/// A strong tag of the bytes sent, so the compressed form has another.
void tag(const Request& request, Response& response, const std::string& tag) {
  response.headers.emplace_back("ETag", tag);
  if (!names_tag(request.header("if-none-match"), tag)) return;
  response.status = 304;
  response.body.clear();
}

std::string tag_of(const std::string& body) {
  const auto hash = crypto::sha256(body);
  return '"' + to_hex({hash.data(), 16}) + '"';
}

void secure(const Request& request, Response& response) {
  set_default(response, "Content-Security-Policy",
              "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'");
  set_default(response, "X-Content-Type-Options", "nosniff");
  set_default(response, "Referrer-Policy", "same-origin");   // the address of a case is not told to other sites
  set_default(response, "X-Frame-Options", "DENY");
  set_default(response, "Cross-Origin-Opener-Policy", "same-origin");
  if (request.secure) set_default(response, "Strict-Transport-Security", "max-age=31536000");
}

}  // namespace

void apply_conventions(const Exchange& exchange, Response& response, std::size_t compress_bytes_min) {
  const Request& request = exchange.request;
  const bool tagged = response.cacheable && response.status == 200 && request.method == Method::get;
  if (response.compressible) compress(request, response, compress_bytes_min);
  if (tagged) tag(request, response, tag_of(response.body));
  set_default(response, "Cache-Control", response.cacheable ? "private, no-cache" : "no-store");
  secure(request, response);
  if (!request.id.empty()) response.headers.emplace_back("X-Request-Id", request.id);
}

}  // namespace motcua::http
