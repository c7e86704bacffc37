#include "platform/files/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace motcua::files {
namespace {

namespace fs = std::filesystem;

Failure failed(int error) {
  if (error == ENOENT || error == ENOTDIR) return not_found("files.not_found");
  return unavailable("files.failed", std::strerror(error));
}

/// A file descriptor that closes itself.
class Handle {
 public:
  explicit Handle(int number) : number_(number) {}
  ~Handle() { if (number_ >= 0) ::close(number_); }
  Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Handle& operator=(Handle&&) = delete;
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

Result<void> write_all(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

class Mapping : public MappedFile {
 public:
  Mapping(void* at, std::size_t size) : at_(at), size_(size) {}
  ~Mapping() override { if (size_ > 0) ::munmap(at_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::span<const std::uint8_t> bytes() const override { return {static_cast<const std::uint8_t*>(at_), size_}; }

 private:
  void* at_;
  std::size_t size_;
};

class Appended : public AppendedFile {
 public:
  explicit Appended(Handle file) : file_(std::move(file)) {}
  Result<void> append(std::span<const std::uint8_t> bytes) override { return write_all(file_.get(), bytes); }
  Result<void> sync() override { return ::fdatasync(file_.get()) == 0 ? Result<void>{} : failed(errno); }

 private:
  Handle file_;
};

class DiskFolder : public Folder {
 public:
  explicit DiskFolder(std::string path) : path_(std::move(path)), lock_(-1) {}
  ~DiskFolder() override { if (lock_ >= 0) ::close(lock_); }
  DiskFolder(const DiskFolder&) = delete;
  DiskFolder& operator=(const DiskFolder&) = delete;

  Result<std::unique_ptr<MappedFile>> map(const std::string& name) const override {
    const Handle file(::open(in(name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return failed(errno);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return failed(errno);
    if (!S_ISREG(about.st_mode)) return not_found("files.not_found");
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size == 0) return std::unique_ptr<MappedFile>(std::make_unique<Mapping>(nullptr, 0));
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (at == MAP_FAILED) return failed(errno);
    return std::unique_ptr<MappedFile>(std::make_unique<Mapping>(at, size));
  }

  Result<void> replace(const std::string& name, std::span<const std::uint8_t> bytes) override {
    const std::string made = in(name) + ".new";
    {
      const Handle file(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
      if (!file) return failed(errno);
      TRY(write_all(file.get(), bytes));
      if (::fsync(file.get()) != 0) return failed(errno);
    }
    return ::rename(made.c_str(), in(name).c_str()) == 0 ? Result<void>{} : failed(errno);
  }

  Result<std::unique_ptr<AppendedFile>> append_to(const std::string& name) override {
    Handle file(::open(in(name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file) return failed(errno);
    return std::unique_ptr<AppendedFile>(std::make_unique<Appended>(std::move(file)));
  }

  Result<void> remove(const std::string& name) override {
    return ::unlink(in(name).c_str()) == 0 || errno == ENOENT ? Result<void>{} : failed(errno);
  }

  Result<std::vector<std::string>> list() const override {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) names.push_back(at->path().filename().string());
    if (error) return failed(error.value());
    return names;
  }

  Result<void> sync() override {
    const Handle folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) return failed(errno);
    return {};
  }

  Result<void> lock() override {
    Handle file(::open(in("lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return failed(errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? conflict("files.in_use") : failed(errno);
    lock_ = ::dup(file.get());
    return lock_ >= 0 ? Result<void>{} : failed(errno);
  }

 private:
  std::string in(const std::string& name) const { return path_ + "/" + name; }

  std::string path_;
  int lock_;
};

}  // namespace

Result<std::unique_ptr<Folder>> open_folder(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return not_found("files.not_found");
  return std::unique_ptr<Folder>(std::make_unique<DiskFolder>(path));
}

Result<std::unique_ptr<Folder>> make_folder(const std::string& path) {
  std::error_code error;
  const bool made = fs::create_directories(path, error);
  if (error) return failed(error.value());
  if (made) ::chmod(path.c_str(), 0700);
  return open_folder(path);
}

Result<std::uint64_t> size_bytes(const std::string& path) {
  std::uint64_t sum = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) sum += at->file_size(error);
  if (error) return failed(error.value());
  return sum;
}

}  // namespace motcua::files
