#include "platform/http/multipart.hpp"

#include <algorithm>
#include <optional>

#include "base/vietnamese.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/accept.hpp"

namespace motcua::http {
namespace {

constexpr std::size_t boundary_bytes_max = 70;   // RFC 2046, 5.1.1
constexpr std::size_t name_bytes_max = 255;      // as file systems hold

Failure malformed() { return invalid("http.bad_multipart"); }

/// The value of `name` among "; name=value; other=\"quoted\"".
std::optional<std::string> parameter_of(std::string_view text, std::string_view name) {
  auto at = text.find(';');
  while (at != std::string_view::npos && at < text.size()) {
    auto rest = text.substr(at + 1);
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = equal_ignoring_case(without_blanks(rest.substr(0, equals)), name);
    std::string value;
    std::size_t i = equals + 1;
    if (i < rest.size() && rest[i] == '"') {
      for (++i; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
        value += rest[i];
      }
      if (i == rest.size()) return std::nullopt;
    } else {
      const auto end = std::min(rest.find(';', i), rest.size());
      value = without_blanks(rest.substr(i, end - i));
    }
    if (wanted) return value;
    const auto next = rest.find(';', i);
    at = next == std::string_view::npos ? next : at + 1 + next;
  }
  return std::nullopt;
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  auto boundary = parameter_of(content_type, "boundary").value_or("");
  const bool sound = boundary.size() <= boundary_bytes_max &&
                     std::all_of(boundary.begin(), boundary.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return sound ? boundary : "";
}

MultipartReader::MultipartReader(const std::string& boundary, SinkFactory files, Limits limits)
    : delimiter_("\r\n--" + boundary), open_(std::move(files)), limits_(limits) {}

Result<void> MultipartReader::feed(std::string_view bytes) {
  if (state_ == State::done) return {};   // an epilogue is ignored
  buffer_ += bytes;
  for (;;) {
    TRY_ASSIGN(const bool more, step());
    if (!more) return {};
  }
}

Result<void> MultipartReader::finish() {
  if (state_ != State::done) return malformed();
  return {};
}

Result<bool> MultipartReader::step() {
  switch (state_) {
    case State::preamble:
    case State::content: return read_content();
    case State::after_boundary: return read_after_boundary();
    case State::headers: return read_headers();
    case State::done: buffer_.clear(); return false;
  }
  return false;
}

Result<bool> MultipartReader::read_content() {
  const auto at = buffer_.find(delimiter_);
  // What may be the beginning of a delimiter stays until the rest of it arrives.
  const std::size_t keep = delimiter_.size() - 1;
  const std::size_t sure = at != std::string::npos ? at : buffer_.size() > keep ? buffer_.size() - keep : 0;
  if (state_ == State::content) TRY(take_content(std::string_view(buffer_).substr(0, sure)));
  if (at == std::string::npos) {
    buffer_.erase(0, sure);
    return false;
  }
  if (state_ == State::content) TRY(end_part());
  buffer_.erase(0, at + delimiter_.size());
  state_ = State::after_boundary;
  return true;
}

Result<bool> MultipartReader::read_after_boundary() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::done;
    return true;
  }
  const auto end = buffer_.find("\r\n");
  if (end == std::string::npos) {
    if (buffer_.size() > 64) return malformed();
    return false;
  }
  if (!without_blanks(std::string_view(buffer_).substr(0, end)).empty()) return malformed();
  buffer_.erase(0, end);       // the CRLF stays: headers may be empty
  state_ = State::headers;
  return true;
}

Result<bool> MultipartReader::read_headers() {
  const auto end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (buffer_.size() > limits_.part_header_bytes_max) return malformed();
    return false;
  }
  if (end > limits_.part_header_bytes_max) return malformed();
  TRY(begin_part(std::string_view(buffer_).substr(0, end)));
  buffer_.erase(0, end + 4);
  state_ = State::content;
  return true;
}

Result<void> MultipartReader::begin_part(std::string_view headers) {
  std::optional<std::string> name, file_name;
  while (!headers.empty()) {
    const auto end = std::min(headers.find("\r\n"), headers.size());
    const auto line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + 2, headers.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), "content-disposition")) continue;
    const auto value = without_blanks(line.substr(colon + 1));
    if (!equal_ignoring_case(value.substr(0, 9), "form-data")) return malformed();
    name = parameter_of(value, "name");
    file_name = parameter_of(value, "filename");
  }
  if (!name || name->size() > name_bytes_max || !vietnamese::is_clean_utf8(*name)) return malformed();
  if (form_.size() + files_.size() >= limits_.fields_max) return Failure{FailureKind::too_large, "http.too_many_fields"};
  field_ = *name;
  value_.clear();
  is_file_ = file_name.has_value();
  if (!is_file_) return {};
  if (!open_) return invalid("http.upload_not_expected", field_);
  if (files_.size() >= limits_.files_max) return Failure{FailureKind::too_large, "http.too_many_fields"};
  if (file_name->size() > name_bytes_max || !vietnamese::is_clean_utf8(*file_name)) return malformed();
  TRY_ASSIGN(auto sink, open_(crypto::random_id("upl")));
  files_.push_back({field_, *file_name, sink->path(), 0});
  sinks_.push_back(std::move(sink));
  return {};
}

Result<void> MultipartReader::take_content(std::string_view bytes) {
  if (is_file_) {
    files_.back().bytes += bytes.size();
    return sinks_.back()->write(bytes);
  }
  if (value_.size() + bytes.size() > limits_.field_bytes_max) return Failure{FailureKind::too_large, "http.field_too_large", field_};
  value_ += bytes;
  return {};
}

Result<void> MultipartReader::end_part() {
  if (is_file_) return sinks_.back()->finish();
  if (!vietnamese::is_clean_utf8(value_)) return invalid("http.bad_form", field_);
  form_.emplace(std::move(field_), std::move(value_));
  return {};
}

}  // namespace motcua::http
