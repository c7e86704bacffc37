// Where the bytes of an import come from.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "platform/crypto/sealed_file.hpp"
#include "platform/intake/sources.hpp"

namespace motcua::intake {
namespace {

Failure not_readable(int error) { return {FailureKind::invalid, "intake.file_unreadable", {}, {}, {}, std::strerror(error)}; }

class FileStream : public ByteStream {
 public:
  explicit FileStream(int file) : file_(file) {}
  ~FileStream() override { ::close(file_); }
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  Result<std::size_t> read(char* into, std::size_t capacity) override {
    for (;;) {
      auto n = ::read(file_, into, capacity);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return not_readable(errno);
    }
  }

 private:
  int file_;
};

class FileSource : public ByteSource {
 public:
  explicit FileSource(std::string path) : path_(std::move(path)) {}

  Result<std::unique_ptr<ByteStream>> open() const override {
    int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);   // a pipe nobody writes to is not waited for
    if (file < 0) return not_readable(errno);
    struct stat about {};
    if (::fstat(file, &about) == 0 && !S_ISREG(about.st_mode)) {
      ::close(file);
      return invalid("intake.not_a_file");
    }
    return std::unique_ptr<ByteStream>(new FileStream(file));
  }

  std::uint64_t size_bytes() const override {
    struct stat about {};
    return ::stat(path_.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
  }

 private:
  std::string path_;
};

class TextStream : public ByteStream {
 public:
  explicit TextStream(std::shared_ptr<const std::string> text) : text_(std::move(text)) {}
  Result<std::size_t> read(char* into, std::size_t capacity) override {
    auto n = text_->copy(into, capacity, at_);
    at_ += n;
    return n;
  }

 private:
  std::shared_ptr<const std::string> text_;
  std::size_t at_ = 0;
};

class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
  Result<std::unique_ptr<ByteStream>> open() const override { return std::unique_ptr<ByteStream>(new TextStream(text_)); }
  std::uint64_t size_bytes() const override { return text_->size(); }

 private:
  std::shared_ptr<const std::string> text_;
};

class SealedStream : public ByteStream {
 public:
  explicit SealedStream(std::unique_ptr<crypto::SealedFileReader> reader) : reader_(std::move(reader)) {}
  Result<std::size_t> read(char* into, std::size_t capacity) override {
    return reader_->read({reinterpret_cast<std::uint8_t*>(into), capacity});
  }

 private:
  std::unique_ptr<crypto::SealedFileReader> reader_;
};

class SealedSource : public ByteSource {
 public:
  SealedSource(crypto::KeyRing& keys, std::string context, std::string path)
      : keys_(keys), context_(std::move(context)), path_(std::move(path)) {}
  Result<std::unique_ptr<ByteStream>> open() const override {
    TRY_ASSIGN(auto reader, crypto::SealedFileReader::open(keys_, context_, path_));
    return std::unique_ptr<ByteStream>(new SealedStream(std::move(reader)));
  }
  std::uint64_t size_bytes() const override { return FileSource(path_).size_bytes(); }

 private:
  crypto::KeyRing& keys_;
  std::string context_, path_;
};

}  // namespace

std::unique_ptr<ByteSource> file_source(const std::string& path) { return std::make_unique<FileSource>(path); }
std::unique_ptr<ByteSource> text_source(std::string content) { return std::make_unique<TextSource>(std::move(content)); }
std::unique_ptr<ByteSource> sealed_source(crypto::KeyRing& keys, std::string context, std::string path) {
  return std::make_unique<SealedSource>(keys, std::move(context), std::move(path));
}

}  // namespace motcua::intake
