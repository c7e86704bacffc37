#pragma once
// A folder of files as an engine sees it: what lies there can be mapped, replaced as a whole, appended to. `platform/files` fills it with
// a folder on disk. Names are plain: no path, no dot in front.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace motcua {

/// A whole file in memory, read-only, for as long as this lives; the file may be removed meanwhile.
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  virtual std::span<const std::uint8_t> bytes() const = 0;
};

/// A file that grows at its end.
class AppendedFile {
 public:
  virtual ~AppendedFile() = default;
  virtual Result<void> append(std::span<const std::uint8_t> bytes) = 0;
  /// What was appended before is on disk when this returns.
  virtual Result<void> sync() = 0;
};

/// Failures of all: files.not_found (not_found), files.in_use (conflict), files.failed (unavailable: disk full, no permission).
class Folder {
 public:
  virtual ~Folder() = default;
  virtual Result<std::unique_ptr<MappedFile>> map(const std::string& name) const = 0;
  /// The file holds these bytes or what it held before, whenever the power fails; durable after sync().
  virtual Result<void> replace(const std::string& name, std::span<const std::uint8_t> bytes) = 0;
  virtual Result<std::unique_ptr<AppendedFile>> append_to(const std::string& name) = 0;
  /// Removing what is not there is no failure.
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<std::vector<std::string>> list() const = 0;
  /// Names that were made, replaced or removed are so after a power failure, too.
  virtual Result<void> sync() = 0;
  /// Held until the folder is closed; a second holder, of this program or another, gets files.in_use.
  virtual Result<void> lock() = 0;
};

}  // namespace motcua
