// Gzip unpacked on the way; a file that ends before its last member does is found out.
#include <zlib.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "platform/intake/limits.hpp"
#include "platform/intake/sources.hpp"

namespace motcua::intake {
namespace {

constexpr std::size_t packed_block_bytes = 256 * 1024;
constexpr int window_bits_gzip = 15 + 16;  // zlib: the largest window, and a gzip header expected

class Unpacked : public ByteStream {
 public:
  Unpacked(std::unique_ptr<ByteStream> stored, std::atomic<std::uint64_t>& done) : stored_(std::move(stored)), done_(done) {}
  ~Unpacked() override {
    if (member_open_) inflateEnd(&z_);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  Result<std::size_t> read(char* into, std::size_t capacity) override {
    if (!looked_) TRY(look());
    TRY_ASSIGN(auto n, packed_ ? inflate_into(into, capacity) : copy_into(into, capacity));
    total_ += n;
    if (total_ > file_bytes_max)
      return Failure{FailureKind::too_large, "intake.file_too_large", {}, {}, {{"limit", std::to_string(file_bytes_max)}}};
    return n;
  }

 private:
  /// The first two bytes decide (a stream may give them one by one).
  Result<void> look() {
    looked_ = true;
    block_.resize(packed_block_bytes);
    while (filled_ < 2) {
      TRY_ASSIGN(auto n, stored_->read(block_.data() + filled_, block_.size() - filled_));
      if (n == 0) break;
      filled_ += n;
    }
    done_ += filled_;
    packed_ = filled_ >= 2 && block_[0] == '\x1f' && block_[1] == '\x8b';
    return {};
  }

  Result<std::size_t> copy_into(char* into, std::size_t capacity) {
    if (at_ < filled_) {
      auto n = std::min(capacity, filled_ - at_);
      std::memcpy(into, block_.data() + at_, n);
      at_ += n;
      return n;
    }
    TRY_ASSIGN(auto n, stored_->read(into, capacity));
    done_ += n;
    return n;
  }

  Result<bool> refill() {
    TRY_ASSIGN(filled_, stored_->read(block_.data(), block_.size()));
    at_ = 0;
    done_ += filled_;
    return filled_ > 0;
  }

  /// Opens the next member, or says that there is none. Zero bytes behind the last one are padding (tar, tape blocks).
  Result<bool> open_member() {
    while (members_ > 0) {
      if (at_ == filled_) {
        TRY_ASSIGN(bool more, refill());
        if (!more) return false;
      }
      if (block_[at_] != '\0') break;
      ++at_;
    }
    z_ = {};
    if (inflateInit2(&z_, window_bits_gzip) != Z_OK) return unavailable("intake.out_of_memory", "inflateInit2");
    member_open_ = true;
    ++members_;
    return true;
  }

  Result<std::size_t> inflate_into(char* into, std::size_t capacity) {
    std::size_t made = 0;
    while (made == 0) {
      if (!member_open_) {
        TRY_ASSIGN(bool opened, open_member());
        if (!opened) return std::size_t{0};
      }
      if (at_ == filled_) {
        TRY_ASSIGN(bool more, refill());
        if (!more) return invalid("intake.gzip_truncated");
      }
      TRY_ASSIGN(made, step(into, capacity));
    }
    return made;
  }

  Result<std::size_t> step(char* into, std::size_t capacity) {
    z_.next_in = reinterpret_cast<Bytef*>(block_.data() + at_);
    z_.avail_in = static_cast<uInt>(filled_ - at_);
    z_.next_out = reinterpret_cast<Bytef*>(into);
    z_.avail_out = static_cast<uInt>(std::min(capacity, read_block_bytes));
    auto room = z_.avail_out;
    int status = inflate(&z_, Z_NO_FLUSH);
    at_ = filled_ - z_.avail_in;
    if (status == Z_STREAM_END) {
      inflateEnd(&z_);
      member_open_ = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return invalid("intake.gzip_damaged");
    }
    return std::size_t{room - z_.avail_out};
  }

  std::unique_ptr<ByteStream> stored_;
  std::atomic<std::uint64_t>& done_;
  std::vector<char> block_;
  std::size_t at_ = 0, filled_ = 0;
  std::uint64_t total_ = 0;
  bool looked_ = false, packed_ = false, member_open_ = false;
  int members_ = 0;
  z_stream z_{};
};

}  // namespace

std::unique_ptr<ByteStream> unpacked(std::unique_ptr<ByteStream> stored, std::atomic<std::uint64_t>& packed_done) {
  return std::make_unique<Unpacked>(std::move(stored), packed_done);
}

}  // namespace motcua::intake
