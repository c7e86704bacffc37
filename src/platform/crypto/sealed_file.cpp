#include "platform/crypto/sealed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "platform/crypto/files.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {

constexpr std::string_view magic = "MCSEAL1\n";
constexpr std::size_t salt_bytes = 32;
constexpr std::uint64_t chunks_max = 1ULL << 32;
using Nonce = std::array<std::uint8_t, gcm_nonce_bytes>;

Result<Hash256> file_key(KeyRing& keys, std::string_view context, std::span<const std::uint8_t> salt) {
  TRY_ASSIGN(const Bytes secret, keys.secret("files", 32));
  std::string text(salt.begin(), salt.end());
  text += context;
  return hmac_sha256(secret, text);
}

Nonce nonce_of(std::uint64_t chunk, bool last) {
  Nonce nonce{};
  for (std::size_t i = 0; i < 4; ++i) nonce[10 - i] = static_cast<std::uint8_t>(chunk >> (8 * i));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

class Writer final : public SealedFileWriter {
 public:
  Writer(std::string path, Options options, Descriptor fd, const Hash256& key)
      : path_(std::move(path)), options_(options), fd_(std::move(fd)), key_(key) {
    buffer_.reserve(sealed_chunk_bytes);
  }
  ~Writer() override {
    if (!finished_) ::unlink(part().c_str());
  }

  /// A full buffer is kept until more comes: only then is it known not to be the last chunk.
  Result<void> write(std::span<const std::uint8_t> data) override {
    plain_bytes_ += data.size();
    while (!data.empty()) {
      if (buffer_.size() == sealed_chunk_bytes) TRY(put_chunk(false));
      const std::size_t n = std::min(data.size(), sealed_chunk_bytes - buffer_.size());
      buffer_.insert(buffer_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
      data = data.subspan(n);
    }
    return {};
  }

  Result<void> finish() override {
    TRY(put_chunk(true));
    if (options_.durable && ::fsync(fd_.get()) != 0) return unwritable("sync");
    if (!fd_.close() || ::rename(part().c_str(), path_.c_str()) != 0) return unwritable("rename");
    finished_ = true;
    if (options_.durable && !sync_directory_of(path_)) return unwritable("sync folder");
    return {};
  }

  std::uint64_t plain_bytes() const override { return plain_bytes_; }

 private:
  std::string part() const { return path_ + ".part"; }

  Result<void> put_chunk(bool last) {
    if (chunk_ == chunks_max) return Failure{FailureKind::too_large, "crypto.file_too_large"};
    const Bytes sealed = gcm_seal(key_, nonce_of(chunk_++, last), {}, buffer_);
    buffer_.clear();
    if (!write_fully(fd_.get(), sealed)) return unwritable("write");
    return {};
  }

  const std::string path_;
  const Options options_;
  Descriptor fd_;
  const Hash256 key_;
  Bytes buffer_;
  std::uint64_t chunk_ = 0;
  std::uint64_t plain_bytes_ = 0;
  bool finished_ = false;
};

class Reader final : public SealedFileReader {
 public:
  Reader(Descriptor fd, const Hash256& key) : fd_(std::move(fd)), key_(key) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (at_ == plain_.size() && !ended_) TRY(next_chunk());
    const std::size_t n = std::min(out.size(), plain_.size() - at_);
    std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(at_), n, out.begin());
    at_ += n;
    return n;
  }

 private:
  /// One byte is read ahead to know whether a chunk is the last.
  Result<void> next_chunk() {
    constexpr std::size_t whole = sealed_chunk_bytes + gcm_tag_bytes;
    Bytes sealed(whole + 1);
    std::copy(ahead_.begin(), ahead_.end(), sealed.begin());
    const std::int64_t n = read_fully(fd_.get(), std::span(sealed).subspan(ahead_.size()));
    if (n < 0) return unreadable("read");
    const std::size_t got = static_cast<std::size_t>(n) + ahead_.size();
    const bool last = got <= whole;
    ahead_.assign(sealed.begin() + static_cast<std::ptrdiff_t>(std::min(got, whole)), sealed.begin() + static_cast<std::ptrdiff_t>(got));
    sealed.resize(std::min(got, whole));
    auto plain = gcm_open(key_, nonce_of(chunk_++, last), {}, sealed);
    if (!plain) return Failure{FailureKind::corrupt, "crypto.file_damaged"};
    plain_ = std::move(*plain);
    at_ = 0;
    ended_ = last;
    return {};
  }

  Descriptor fd_;
  const Hash256 key_;
  Bytes ahead_;
  Bytes plain_;
  std::size_t at_ = 0;
  std::uint64_t chunk_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<SealedFileWriter>> SealedFileWriter::create(KeyRing& keys, std::string_view context, const std::string& path,
                                                                   Options options) {
  const Bytes salt = random_bytes(salt_bytes);
  TRY_ASSIGN(const Hash256 key, file_key(keys, context, salt));
  Descriptor fd(::open((path + ".part").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return unwritable("open");
  if (!write_fully(fd.get(), bytes_of(magic)) || !write_fully(fd.get(), salt)) return unwritable("write");
  return std::unique_ptr<SealedFileWriter>(new Writer(path, options, std::move(fd), key));
}

Result<std::unique_ptr<SealedFileReader>> SealedFileReader::open(KeyRing& keys, std::string_view context, const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return unreadable("open");
  std::array<std::uint8_t, magic.size() + salt_bytes> head;
  if (read_fully(fd.get(), head) != static_cast<std::int64_t>(head.size()) ||
      !std::equal(magic.begin(), magic.end(), head.begin()))
    return Failure{FailureKind::corrupt, "crypto.file_damaged"};
  TRY_ASSIGN(const Hash256 key, file_key(keys, context, std::span(head).subspan(magic.size())));
  return std::unique_ptr<SealedFileReader>(new Reader(std::move(fd), key));
}

Result<void> seal_file(KeyRing& keys, std::string_view context, const std::string& from, const std::string& to) {
  Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.valid()) return unreadable("open");
  TRY_ASSIGN(auto out, SealedFileWriter::create(keys, context, to));
  Bytes buffer(sealed_chunk_bytes);
  while (true) {
    const std::int64_t n = read_fully(in.get(), buffer);
    if (n < 0) return unreadable("read");
    if (n == 0) break;
    TRY(out->write(std::span(buffer).first(static_cast<std::size_t>(n))));
  }
  return out->finish();
}

Result<void> open_file(KeyRing& keys, std::string_view context, const std::string& from, const std::string& to) {
  TRY_ASSIGN(auto in, SealedFileReader::open(keys, context, from));
  const std::string part = to + ".part";
  Descriptor out(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out.valid()) return unwritable("open");
  const auto copy = [&]() -> Result<void> {
    Bytes buffer(sealed_chunk_bytes);
    while (true) {
      TRY_ASSIGN(const std::size_t n, in->read(buffer));
      if (n == 0) break;
      if (!write_fully(out.get(), std::span(buffer).first(n))) return unwritable("write");
    }
    if (::fsync(out.get()) != 0 || !out.close() || ::rename(part.c_str(), to.c_str()) != 0) return unwritable("rename");
    if (!sync_directory_of(to)) return unwritable("sync folder");
    return {};
  };
  auto done = copy();
  if (!done) ::unlink(part.c_str());
  return done;
}

}  // namespace motcua::crypto
