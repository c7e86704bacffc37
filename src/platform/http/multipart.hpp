#pragma once
// multipart/form-data (RFC 7578), read as it arrives: text fields into memory, files into sinks.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/http/message.hpp"
#include "platform/http/spool.hpp"

namespace motcua::http {

/// The boundary parameter of a Content-Type; empty when there is none, or when it is malformed.
std::string boundary_of(std::string_view content_type);

class MultipartReader {
 public:
  struct Limits {
    std::size_t fields_max = 1000;
    std::size_t field_bytes_max = 64 * 1024;     // one text field
    std::size_t files_max = 20;
    std::size_t part_header_bytes_max = 4096;
  };
  /// Without `files`, a part with a file name fails with `http.upload_not_expected`.
  MultipartReader(const std::string& boundary, SinkFactory files, Limits limits);

  /// Failures: http.bad_multipart (invalid), http.too_many_fields, http.field_too_large (too_large), and those of the sinks.
  Result<void> feed(std::string_view bytes);
  /// Fails unless the closing boundary was seen.
  Result<void> finish();

  std::multimap<std::string, std::string> take_form() { return std::move(form_); }
  std::vector<UploadedFile> take_files() { return std::move(files_); }
  /// The files exist as long as these do.
  std::vector<std::unique_ptr<Sink>> take_sinks() { return std::move(sinks_); }

 private:
  enum class State { preamble, after_boundary, headers, content, done };
  Result<bool> step();                              // false: more bytes are needed
  Result<bool> read_content();
  Result<bool> read_after_boundary();
  Result<bool> read_headers();
  Result<void> begin_part(std::string_view headers);
  Result<void> take_content(std::string_view bytes);
  Result<void> end_part();

  std::string delimiter_;                           // CRLF -- boundary
  SinkFactory open_;
  Limits limits_;
  State state_ = State::preamble;
  std::string buffer_ = "\r\n";                     // the first boundary may stand at the very beginning
  std::string field_;
  std::string value_;
  bool is_file_ = false;
  std::multimap<std::string, std::string> form_;
  std::vector<UploadedFile> files_;
  std::vector<std::unique_ptr<Sink>> sinks_;
};

}  // namespace motcua::http
