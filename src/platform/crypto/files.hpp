#pragma once
// Small files that are there whole or not at all, and the lock beside them. Open to this slice alone.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace motcua::crypto {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  /// True when close(2) found nothing left to complain of.
  bool close();

 private:
  int fd_;
};

bool write_fully(int fd, std::span<const std::uint8_t> data);
/// Bytes read, fewer than out.size() only at the end of the file; -1 on failure.
std::int64_t read_fully(int fd, std::span<std::uint8_t> out);
bool sync_directory_of(const std::string& path);

/// Nothing when the file does not exist. Failures: crypto.file_unreadable; files over `bytes_max` are unreadable.
Result<std::optional<std::vector<std::uint8_t>>> read_small_file(const std::string& path, std::size_t bytes_max);
/// Temporary file of mode 0600, fsync, rename, fsync of the folder. Failure: crypto.file_unwritable.
Result<void> replace_file(const std::string& path, std::span<const std::uint8_t> content);

Failure unreadable(const char* doing);   // crypto.file_unreadable with errno's sentence; paths stay out of it
Failure unwritable(const char* doing);   // crypto.file_unwritable

/// Held from construction to destruction, against other processes and other threads alike (flock on an own descriptor).
class FileLock {
 public:
  static Result<FileLock> take(const std::string& path);

 private:
  explicit FileLock(Descriptor fd) : fd_(std::move(fd)) {}
  Descriptor fd_;
};

}  // namespace motcua::crypto
