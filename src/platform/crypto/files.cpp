#include "platform/crypto/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace motcua::crypto {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}

Descriptor::~Descriptor() { close(); }

bool Descriptor::close() {
  if (fd_ < 0) return true;
  const int fd = fd_;
  fd_ = -1;
  return ::close(fd) == 0;
}

Failure unreadable(const char* doing) {
  return unavailable("crypto.file_unreadable", std::string(doing) + ": " + std::strerror(errno));
}
Failure unwritable(const char* doing) {
  return unavailable("crypto.file_unwritable", std::string(doing) + ": " + std::strerror(errno));
}

bool write_fully(int fd, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

std::int64_t read_fully(int fd, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::read(fd, out.data() + done, out.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return static_cast<std::int64_t>(done);
}

bool sync_directory_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && ::fsync(fd.get()) == 0;
}

Result<std::optional<std::vector<std::uint8_t>>> read_small_file(const std::string& path, std::size_t bytes_max) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) return std::optional<std::vector<std::uint8_t>>{};
    return unreadable("open");
  }
  std::vector<std::uint8_t> content(bytes_max + 1);
  const std::int64_t n = read_fully(fd.get(), content);
  if (n < 0) return unreadable("read");
  if (static_cast<std::size_t>(n) > bytes_max) return unavailable("crypto.file_unreadable", "longer than it can be");
  content.resize(static_cast<std::size_t>(n));
  return std::optional(std::move(content));
}

Result<void> replace_file(const std::string& path, std::span<const std::uint8_t> content) {
  const std::string temporary = path + ".new";
  Descriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return unwritable("open");
  if (!write_fully(fd.get(), content) || ::fsync(fd.get()) != 0 || !fd.close() ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    Failure failure = unwritable("write");
    ::unlink(temporary.c_str());
    return failure;
  }
  if (!sync_directory_of(path)) return unwritable("sync folder");
  return {};
}

Result<FileLock> FileLock::take(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return unwritable("open lock");
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return unwritable("lock");
  return FileLock(std::move(fd));
}

}  // namespace motcua::crypto
