#include "platform/http/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace motcua::http {
namespace {

Failure not_stored() { return unavailable("http.upload_not_stored", "an upload could not be written to its folder"); }

class PlainFile : public Sink {
 public:
  PlainFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  ~PlainFile() override {
    if (file_ >= 0) ::close(file_);
    ::unlink(path_.c_str());
  }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  Result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto n = ::write(file_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return not_stored();
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  Result<void> finish() override {
    const int closed = ::close(file_);
    file_ = -1;
    if (closed != 0) return not_stored();
    return {};
  }
  const std::string& path() const override { return path_; }

 private:
  std::string path_;
  int file_;
};

}  // namespace

SinkFactory plain_files(std::string directory) {
  return [directory = std::move(directory)](const std::string& name) -> Result<std::unique_ptr<Sink>> {
    std::error_code ignored;
    if (std::filesystem::create_directories(directory, ignored))
      std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ignored);
    std::string path = directory + "/" + name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return not_stored();
    return std::unique_ptr<Sink>(std::make_unique<PlainFile>(std::move(path), file));
  };
}

}  // namespace motcua::http
