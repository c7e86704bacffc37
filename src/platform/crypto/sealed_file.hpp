#pragma once
// Files encrypted at rest (trust.md, promise 3): raw uploads, backups, exports waiting to be fetched. Written and read as a stream, in
// constant memory.
//
// Form: "MCSEAL1\n", a salt of 32 bytes, then chunks of 65,536 bytes of plain text, each AES-256-GCM with its tag of 16 bytes
// behind it; only the last chunk may be shorter. The key of the file is HMAC-SHA-256(ring secret "files", salt | context). The
// nonce of chunk i is seven zero bytes, i in 4 bytes big-endian and one byte: 1 in the last chunk, else 0 (the STREAM
// construction of Hoang, Reyhanitabar, Rogaway and Vizar, 2015). So a chunk cannot be moved, dropped, repeated or put into another file, and a
// file cut at a chunk's border is found out. Limit: 2^32 chunks, 256 TiB.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::crypto {

inline constexpr std::size_t sealed_chunk_bytes = 65'536;

/// Writes `path` by way of `path`.part: `path` appears whole, with mode 0600, when finish() succeeds; without finish() nothing is left.
/// Failures: crypto.file_unwritable (unavailable; disk full too).
class SealedFileWriter {
 public:
  struct Options {
    bool durable = true;  // finish() waits for the disk; a spool that lives as long as its request need not
  };
  /// `context` says what the file is ("upload", "backup"); the reader must name the same.
  static Result<std::unique_ptr<SealedFileWriter>> create(KeyRing& keys, std::string_view context, const std::string& path,
                                                          Options options);
  static Result<std::unique_ptr<SealedFileWriter>> create(KeyRing& keys, std::string_view context, const std::string& path) {
    return create(keys, context, path, Options{});
  }
  virtual ~SealedFileWriter() = default;
  virtual Result<void> write(std::span<const std::uint8_t> data) = 0;
  virtual Result<void> finish() = 0;
  virtual std::uint64_t plain_bytes() const = 0;
};

/// Failures: crypto.file_unreadable (unavailable), crypto.file_damaged (corrupt: changed, cut, another context or another ring).
class SealedFileReader {
 public:
  static Result<std::unique_ptr<SealedFileReader>> open(KeyRing& keys, std::string_view context, const std::string& path);
  virtual ~SealedFileReader() = default;
  /// Fills up to out.size() bytes; 0 is the end, and is said only after the last chunk has proved to be the last.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
};

/// Whole files. `to` appears whole or not at all.
Result<void> seal_file(KeyRing& keys, std::string_view context, const std::string& from, const std::string& to);
Result<void> open_file(KeyRing& keys, std::string_view context, const std::string& from, const std::string& to);

}  // namespace motcua::crypto
