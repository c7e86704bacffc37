#pragma once
// Where uploaded files go while a request runs. The server writes each file of a multipart form into a Sink; what lies behind
// it (a plain file, a file encrypted at rest) is the house's choice.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace motcua::http {

class Sink {
 public:
  virtual ~Sink() = default;                                // not finished, or finished and not taken: the file is removed
  virtual Result<void> write(std::string_view bytes) = 0;   // http.upload_not_stored (unavailable) when the disk is full
  virtual Result<void> finish() = 0;
  virtual const std::string& path() const = 0;
};

/// Called on a network thread: must not block for long. The argument is a fresh name without separators ("upl_...").
using SinkFactory = std::function<Result<std::unique_ptr<Sink>>(const std::string& name)>;

/// A file in `directory` (made when absent, mode 0700) of mode 0600, removed when the request ends.
SinkFactory plain_files(std::string directory);

}  // namespace motcua::http
